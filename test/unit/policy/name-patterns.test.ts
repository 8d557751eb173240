import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError } from '../../../src/policy/policy-error.ts';
import { policyWarnings } from '../../../src/policy/warnings.ts';

const APP = { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } };

function policyWith(changes: object): PolicyInput {
  return {
    origins: { app: { backend: 'origin' } },
    providers: { app: APP },
    scopes: { user: { claims: 'sub' } },
    routes: { orders: { path: '/api/orders', scope: 'user' } },
    ...changes,
  } as PolicyInput;
}

function problemsOf(changes: object): string[] {
  try {
    compilePolicy(policyWith(changes));
  } catch (error) {
    if (error instanceof PolicyError) return error.issues.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

const route = (more: object) => ({ routes: { orders: { path: '/api/orders', ...more } } });
const provider = (more: object) => ({ providers: { app: { ...APP, ...more } } });
const scope = (more: object) => ({ scopes: { user: { claims: 'sub', ...more } } });
const cors = (more: object) => ({ cors: { origins: ['https://a.test'], ...more } });

describe('a star where names are given', () => {
  it.each<[string, object]>([
    ['cookies of editors', { cms: { cookies: ['wordpress_logged_in_*', '*_admin', 'a_*_b'] } }],
    ['a cookie that has to validate', { cms: { cookies: [{ name: 'cms_*', hmac: { item: 'i' } }] } }],
    ['the cookie of a credential', provider({ credentials: [{ cookie: 'sb-*-auth-token' }] })],
    ['a cookie of a scope', scope({ parts: [{ cookie: 'ab_*', values: ['a', 'b'] }, { cookie: 'sid*' }] })],
    ['query parameters that count', route({ query: ['filter*', '*[]', 'q'] })],
    ['query parameters that never count', { ignoreQuery: ['utm_*', '*clid', '*'] }],
    ['every field for a browser', cors({ headers: ['*'], exposeHeaders: ['*'] })],
    ['plain names within a pattern', { cms: { cookies: ['wp_*', 'wp_a', '*_a'] } }],
  ])('is a pattern: %s', (_, changes) => {
    expect(problemsOf(changes)).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['any cookie at all, of editors', { cms: { cookies: ['*'] } }, 'POLICY_SHAPE cms.cookies.0'],
    [
      'any cookie at all, validated',
      { cms: { cookies: [{ name: '**', hmac: { item: 'i' } }] } },
      'POLICY_SHAPE cms.cookies.0.name',
    ],
    [
      'any cookie at all as a credential',
      provider({ credentials: [{ cookie: '*' }] }),
      'POLICY_SHAPE providers.app.credentials.0.cookie',
    ],
    [
      'any cookie at all in a scope',
      scope({ parts: [{ cookie: '*' }] }),
      'POLICY_SHAPE scopes.user.parts.0.cookie',
    ],
    ['vary', route({ vary: ['x-*'] }), 'POLICY_SHAPE routes.orders.vary.0'],
    ['vary, alone', route({ vary: ['*'] }), 'POLICY_SHAPE routes.orders.vary.0'],
    [
      'the header of a credential',
      provider({ credentials: [{ header: 'x-*-token' }] }),
      'POLICY_SHAPE providers.app.credentials.0.header',
    ],
    ['a header of a scope', scope({ parts: [{ header: 'x-*' }] }), 'POLICY_SHAPE scopes.user.parts.0.header'],
    ['assertedBy', scope({ assertedBy: 'x-user-*' }), 'POLICY_SHAPE scopes.user.assertedBy'],
    [
      'a header of claims',
      route({ scope: 'user', forwardClaims: { 'x-*': 'sub' } }),
      'POLICY_SHAPE routes.orders.forwardClaims.x-*',
    ],
    [
      'a header of addresses',
      { clientAddress: { headers: ['x-*'] } },
      'POLICY_SHAPE clientAddress.headers.0',
    ],
    [
      'the header of a lock',
      { origins: { app: { backend: 'origin', lock: { header: 'x-*', item: 'i' } } } },
      'POLICY_SHAPE origins.app.lock.header',
    ],
    ['a method', cors({ methods: ['*'] }), 'POLICY_SHAPE cors.methods.0'],
    ['some fields for a browser', cors({ headers: ['x-*'] }), 'POLICY_SHAPE cors.headers.0'],
    [
      'every field for a browser that sends credentials',
      cors({ credentials: true, exposeHeaders: ['*'] }),
      'POLICY_CONFLICT cors.exposeHeaders',
    ],
    ['hosts', { hosts: ['a.test', '*.a.test'] }, 'POLICY_PATTERN hosts.1'],
    [
      'hosts of an origin',
      { origins: { app: { backend: 'origin', hosts: ['*.a.test'] } } },
      'POLICY_PATTERN origins.app.hosts.0',
    ],
    [
      'the host that an origin gets',
      { origins: { app: { backend: 'origin', hostHeader: '*.a.test' } } },
      'POLICY_PATTERN origins.app.hostHeader',
    ],
  ])('has no meaning, and is refused: %s', (_, changes, problem) => {
    expect(problemsOf(changes)).toContain(problem);
  });

  it('in a text that is compared exactly is told to whoever builds', () => {
    const warned = policyWarnings(
      policyWith({
        ...provider({ issuer: 'https://*.idp.test', audience: ['app', 'app-*'] }),
        ...scope({ parts: [{ cookie: 'ab', values: ['a*'] }] }),
      }),
    );
    expect(warned.map((text) => text.split(':')[0])).toEqual([
      'providers.app.issuer',
      'providers.app.audience',
      'scopes.user.parts.0.values',
    ]);
  });
});

describe('a cookie that is both an editor’s and a user’s', () => {
  const both = (editor: string, user: string) => ({
    cms: { cookies: ['other', editor] },
    ...provider({ credentials: [{ header: 'x-a' }, { cookie: user }] }),
  });
  const CREDENTIAL = 'POLICY_UNSAFE providers.app.credentials.1.cookie';

  it.each([
    ['session_*', 'session_user'],
    ['session_cms', 'session_*'],
    ['wp_*', '*_session'],
    ['session', 'session'],
  ])('is refused: %s beside the credential %s', (editor, user) => {
    expect(problemsOf(both(editor, user))).toContain(CREDENTIAL);
    expect(problemsOf({ cms: { cookies: [editor] }, ...scope({ parts: [{ cookie: user }] }) })).toContain(
      'POLICY_UNSAFE scopes.user.parts.0.cookie',
    );
  });

  it.each([
    ['cms_*', 'session_*'],
    ['wp_*', 'sb-*-auth-token'],
  ])('is no such cookie: %s beside %s', (editor, user) => {
    expect(problemsOf(both(editor, user))).toEqual([]);
  });

  it.each([
    [['a_*', { name: 'a_b', hmac: { item: 'i' } }]],
    [[{ name: '*_b', hmac: { item: 'i' } }, 'a_b']],
    [
      [
        { name: 'a_*', hmac: { item: 'i' } },
        { name: '*_b', provider: 'app' },
      ],
    ],
  ])('and one with two rules is refused: %j', (cookies) => {
    expect(problemsOf({ cms: { cookies } })).toContain('POLICY_CONFLICT cms.cookies.1');
  });
});
