import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError } from '../../../src/policy/policy-error.ts';

const BASE = {
  origins: { app: { backend: 'origin' } },
  providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
  scopes: { user: { claims: 'sub' } },
  routes: {
    orders: { path: '/api/orders', scope: 'user' },
    shop: { path: '/shop/**', lane: 'public' },
  },
} satisfies PolicyInput;

function problemsOf(changes: Record<string, unknown>): string[] {
  try {
    compilePolicy({ ...BASE, ...changes } as PolicyInput);
  } catch (error) {
    if (error instanceof PolicyError) return error.issues.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

const app = (more: object) => ({ origins: { app: { backend: 'origin', ...more } } });
const routes = (more: object) => ({ routes: { ...BASE.routes, ...more } });

describe('what origins, editors and limits may not say', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'a shield that is the origin itself',
      app({ shield: { backend: 'origin' } }),
      'POLICY_CONFLICT origins.app.shield.backend',
    ],
    [
      'a shield of both kinds',
      app({ shield: { backend: 'a', site: 'pdx-or-us' } }),
      'POLICY_SHAPE origins.app.shield.backend',
    ],
    [
      'a shield code that is none',
      app({ shield: { site: 'Portland, OR' } }),
      'POLICY_SHAPE origins.app.shield.site',
    ],
    [
      'more headers than a seal can hold',
      { ...app({ shield: { site: 'pdx-or-us' } }), limits: { headerBytes: 65_536 } },
      'POLICY_CONFLICT limits.headerBytes',
    ],
    ['no patience at all', app({ firstByteTimeoutMs: 0 }), 'POLICY_SHAPE origins.app.firstByteTimeoutMs'],
    [
      'an address in Host',
      { clientAddress: { headers: ['Host'] } },
      'POLICY_CONFLICT clientAddress.headers.0',
    ],
    [
      'an address in Authorization',
      { clientAddress: { headers: ['authorization'] } },
      'POLICY_CONFLICT clientAddress.headers.0',
    ],
    [
      'an address that splits the cache',
      { clientAddress: { headers: ['x-real-ip'] }, ...routes({ x: { path: '/x', vary: ['X-Real-IP'] } }) },
      'POLICY_CONFLICT clientAddress.headers.0',
    ],
    [
      'an address in the header of the lock',
      { ...app({ lock: { header: 'x-a', item: 'i' } }), clientAddress: { headers: ['x-b', 'X-A'] } },
      'POLICY_CONFLICT clientAddress.headers.1',
    ],
    [
      'two locks of one backend',
      {
        origins: {
          app: { backend: 'origin', lock: { header: 'x-a', item: 'i' } },
          media: { backend: 'origin', paths: ['/media/**'], lock: { header: 'x-a', item: 'j' } },
        },
      },
      'POLICY_CONFLICT origins.media.lock',
    ],
    [
      'one backend, locked and not',
      {
        origins: {
          app: { backend: 'origin', lock: { header: 'x-a', item: 'i' } },
          media: { backend: 'origin', paths: ['/media/**'] },
        },
      },
      'POLICY_CONFLICT origins.media.lock',
    ],
    ['no header for the address', { clientAddress: { headers: [] } }, 'POLICY_SHAPE clientAddress.headers'],
    [
      'a limit taken out that is not there',
      routes({ x: { path: '/x', passLimit: false } }),
      'POLICY_CONFLICT routes.x.passLimit',
    ],
    ['a limit of nothing', { passLimit: { count: 0 } }, 'POLICY_SHAPE passLimit.count'],
    [
      'an editor’s cookie of an unknown provider',
      { cms: { cookies: [{ name: 'a', provider: 'b' }] } },
      'POLICY_UNKNOWN_REFERENCE cms.cookies.0.provider',
    ],
    [
      'an editor’s cookie with two rules',
      { cms: { cookies: ['a', { name: 'a', provider: 'app' }] } },
      'POLICY_CONFLICT cms.cookies.1',
    ],
    [
      'an editor’s cookie that is a credential too',
      {
        providers: { app: { ...BASE.providers.app, credentials: [{ cookie: 'a' }] } },
        cms: { cookies: [{ name: 'a', provider: 'app' }] },
      },
      'POLICY_UNSAFE providers.app.credentials.0.cookie',
    ],
    [
      'a time in a cookie of Express',
      { cms: { cookies: [{ name: 'a', hmac: { item: 'i', format: 'express', expires: true } }] } },
      'POLICY_CONFLICT cms.cookies.0.hmac.expires',
    ],
    ['a page with a query', { fallbackPage: { path: '/sorry?x=1' } }, 'POLICY_SHAPE fallbackPage.path'],
    [
      'an address that a client writes itself as a variant',
      routes({ x: { path: '/x', vary: ['X-Forwarded-For'] } }),
      'POLICY_UNSAFE routes.x.vary',
    ],
    [
      'such an address in a scope',
      { scopes: { user: { claims: 'sub', parts: [{ header: 'True_Client_IP' }] } } },
      'POLICY_UNSAFE scopes.user.parts.0.header',
    ],
    ['an empty page', { fallbackPage: { html: '' } }, 'POLICY_SHAPE fallbackPage.html'],
    [
      'a cookie taken out of a personal page',
      routes({ x: { path: '/x', scope: 'user', stripSetCookie: true } }),
      'POLICY_UNSAFE routes.x.stripSetCookie',
    ],
  ])('%s', (_what, changes, problem) => {
    expect(problemsOf(changes)).toContain(problem);
  });
});

describe('what they are when nothing is said', () => {
  it('a scoped route has no page of the policy, unless it names one', () => {
    const page = { html: 'sorry' };
    const policy = compilePolicy({
      ...BASE,
      fallbackPage: page,
      routes: { ...BASE.routes, own: { path: '/own', scope: 'user', fallbackPage: page } },
    });
    const pages = [...policy.routes, policy.fallback].map(({ name, fallbackPage }) => [
      name,
      fallbackPage?.kind,
    ]);
    expect(pages).toEqual([
      ['orders', undefined],
      ['shop', 'html'],
      ['own', 'html'],
      ['default', 'html'],
    ]);
  });

  it('an origin is as patient as the limits say', () => {
    const patience = (changes: object) =>
      compilePolicy({ ...BASE, ...changes }).origins[0]?.firstByteTimeoutMs;
    expect(patience({})).toBe(15_000);
    expect(patience({ limits: { firstByteTimeoutMs: 7 } })).toBe(7);
    expect(patience({ ...app({ firstByteTimeoutMs: 9 }), limits: { firstByteTimeoutMs: 7 } })).toBe(9);
  });

  it('inbound headers of the address are the edge’s own', () => {
    const { requestFields } = compilePolicy({ ...BASE, clientAddress: { headers: ['X-Forwarded-For'] } });
    expect([...requestFields.drop]).toEqual(['x-forwarded-for']);
  });
});
