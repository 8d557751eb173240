import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { PolicyError } from '../../../src/policy/policy-error.ts';
import { policyWarnings } from '../../../src/policy/warnings.ts';

const PROVIDER = { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } as const;
const BASE = {
  fallback: 'public',
  origins: { app: { backend: 'origin', lock: { header: 'x-lock', item: 'lock' } } },
  providers: {
    app: { ...PROVIDER, credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }] },
  },
  scopes: { user: { claims: 'sub' }, team: { claims: 'team', shared: true } },
  routes: {
    orders: { path: '/api/orders', scope: 'user', forwardClaims: { 'x-user-id': 'sub' } },
    shop: { path: '/shop/**', lane: 'public' },
  },
} satisfies PolicyInput;

function problemsOf(changes: object): string[] {
  try {
    compilePolicy({ ...BASE, ...changes } as PolicyInput);
  } catch (error) {
    if (error instanceof PolicyError) return error.issues.map(({ code, path }) => `${code} ${path}`);
    throw error;
  }
  return [];
}

const allow = (...names: string[]) => ({ requestHeaders: { allow: names } });
const drop = (...names: string[]) => ({ requestHeaders: { drop: names } });
const route = (more: object) => ({ routes: { ...BASE.routes, more: { path: '/more', ...more } } });

describe('fields of a client that a policy may not let in', () => {
  it.each<[string, object, string]>([
    ['a control field', allow('Fastly-FF'), 'POLICY_UNSAFE requestHeaders.allow.0'],
    ['its other spelling', allow('x_claimcache.claims'), 'POLICY_UNSAFE requestHeaders.allow.0'],
    ['the claim of a route', allow('x-user-id'), 'POLICY_UNSAFE requestHeaders.allow.0'],
    ['its other spelling', allow('x_user_id'), 'POLICY_UNSAFE requestHeaders.allow.0'],
    ['a lock by another spelling', allow('x.lock'), 'POLICY_UNSAFE requestHeaders.allow.0'],
    ['a framing field by another spelling', allow('content_length'), 'POLICY_UNSAFE requestHeaders.allow.0'],
    [
      'a dangerous one by another spelling',
      allow('x_forwarded_host'),
      'POLICY_UNSAFE requestHeaders.allow.0',
    ],
    [
      'the client’s address, which the edge sends',
      { ...allow('x-real-ip'), clientAddress: { headers: ['X-Real-IP'] } },
      'POLICY_UNSAFE requestHeaders.allow.0',
    ],
    ['what is let in anyway', allow('accept'), 'POLICY_CONFLICT requestHeaders.allow.0'],
    ['what is no name', allow('a b'), 'POLICY_SHAPE requestHeaders.allow.0'],
    ['a credential that is dropped', drop('Authorization'), 'POLICY_CONFLICT requestHeaders.drop.0'],
    ['all that begins like Host', drop('ho*'), 'POLICY_CONFLICT requestHeaders.drop.0'],
    ['a star in the middle', drop('x-*-y'), 'POLICY_SHAPE requestHeaders.drop.0'],
    [
      'allowed and dropped',
      { requestHeaders: { allow: ['x-host'], drop: ['x-h*'] } },
      'POLICY_CONFLICT requestHeaders.drop.0',
    ],
    [
      'a variant by a field that is dropped',
      route({ vary: ['X-Forwarded-Host'] }),
      'POLICY_CONFLICT routes.more.vary.0',
    ],
    ['what the edge says of the URL', allow('X-Forwarded-Proto'), 'POLICY_UNSAFE requestHeaders.allow.0'],
    ['the same by another spelling', allow('x_forwarded_host'), 'POLICY_UNSAFE requestHeaders.allow.0'],
    [
      'a claim in its place',
      route({ scope: 'user', forwardClaims: { 'X-Forwarded-Host': 'sub' } }),
      'POLICY_CONFLICT routes.more.forwardClaims',
    ],
    [
      'an address in its place',
      { clientAddress: { headers: ['forwarded', 'x-forwarded-port'] } },
      'POLICY_CONFLICT clientAddress.headers.1',
    ],
    [
      'a variant by a control field',
      route({ vary: ['x-claimcache-debug'] }),
      'POLICY_CONFLICT routes.more.vary.0',
    ],
    [
      'a variant by another spelling of a claim',
      route({ vary: ['x_user_id'] }),
      'POLICY_UNSAFE routes.more.vary.0',
    ],
    [
      'a credential in a field that is dropped',
      { providers: { app: { ...PROVIDER, credentials: [{ header: 'x-forwarded-access-token' }] } } },
      'POLICY_CONFLICT providers.app.credentials.0.header',
    ],
  ])('%s', (_, changes, problem) => {
    expect(problemsOf(changes)).toEqual([problem]);
  });

  it('others it may, and read what it allows', () => {
    expect(problemsOf(allow('X-HTTP-Method-Override', 'api_key', 'x-real-ip'))).toEqual([]);
    expect(
      problemsOf({ ...allow('x-forwarded-prefix'), ...route({ vary: ['x-forwarded-prefix', 'x_theme'] }) }),
    ).toEqual([]);
    expect(problemsOf(drop('x-tenant', 'sec-ch-*', 'user-agent'))).toEqual([]);
  });

  it('and is warned of each, with what an origin would believe', () => {
    const warnings = policyWarnings({
      ...BASE,
      ...allow(
        'x-original-url',
        'X-HTTP-Method-Override',
        'x-real-ip',
        'remote-user',
        'proxy',
        'x-accel-redirect',
        'x-forwarded-prefix',
        'api_key',
      ),
    });
    expect(warnings).toHaveLength(8);
    expect(warnings[0]).toMatch(/^requestHeaders\.allow\.0: clients may send x-original-url: .*another path/);
    expect(warnings[1]).toMatch(/writes/);
    expect(warnings[7]).toMatch(/reads api-key in it/);
  });
});

describe('fields that are forwarded without being keyed', () => {
  const forward = (...forwardHeaders: string[]) => ({ forwardHeaders });

  it.each<[string, object, string]>([
    ['another one', forward('traceparent', 'accept-language'), 'POLICY_SHAPE forwardHeaders.1'],
    [
      'a variant',
      { ...forward('traceparent'), ...route({ vary: ['Traceparent'] }) },
      'POLICY_CONFLICT forwardHeaders.0',
    ],
    [
      'a part of a scope',
      {
        ...forward('x-request-id'),
        scopes: { ...BASE.scopes, s: { parts: [{ header: 'X-Request-ID' }], providers: [] } },
      },
      'POLICY_CONFLICT forwardHeaders.0',
    ],
    [
      'a mark of editors',
      { ...forward('traceparent'), cms: { headers: ['traceparent'] } },
      'POLICY_CONFLICT forwardHeaders.0',
    ],
    [
      'a claim',
      { ...forward('x-request-id'), ...route({ scope: 'user', forwardClaims: { 'x-request-id': 'sub' } }) },
      'POLICY_CONFLICT forwardHeaders.0',
    ],
    [
      'an address',
      { ...forward('x-request-id'), clientAddress: { headers: ['x-request-id'] } },
      'POLICY_CONFLICT forwardHeaders.0',
    ],
    ['what is dropped', { ...forward('traceparent'), ...drop('trace*') }, 'POLICY_CONFLICT forwardHeaders.0'],
    ['a state without a trace', forward('tracestate'), 'POLICY_CONFLICT forwardHeaders.0'],
  ])('not %s', (_, changes, problem) => {
    expect(problemsOf(changes)).toContain(problem);
  });

  it('the closed list is all there is; of it the edge alone makes the request id', () => {
    const all = ['traceparent', 'tracestate', 'x-request-id'] as const;
    expect(problemsOf(forward(...all))).toEqual([]);
    const { forwardHeaders, requestFields } = compilePolicy({ ...BASE, forwardHeaders: all });
    expect(forwardHeaders).toEqual(all);
    expect([...requestFields.drop]).toContain('x-request-id');
    expect(problemsOf({ ...forward('x-request-id'), ...allow('x_request_id') })).toEqual([
      'POLICY_UNSAFE requestHeaders.allow.0',
    ]);
  });
});

describe('cookies that a route takes out of answers', () => {
  it.each<[string, object, string]>([
    ['on a public route', route({ stripSetCookies: ['a'] }), 'POLICY_CONFLICT routes.more.stripSetCookies'],
    [
      'in a shared bucket',
      route({ scope: 'team', stripSetCookies: ['a'] }),
      'POLICY_UNSAFE routes.more.stripSetCookies',
    ],
    [
      'where nothing is stored',
      route({ scope: 'user', cache: false, stripSetCookies: ['a'] }),
      'POLICY_CONFLICT routes.more.stripSetCookies',
    ],
    [
      'all of them',
      route({ scope: 'user', stripSetCookies: ['*'] }),
      'POLICY_SHAPE routes.more.stripSetCookies.0',
    ],
    [
      'every cookie',
      route({ scope: 'user', stripSetCookies: ['*'] }),
      'POLICY_SHAPE routes.more.stripSetCookies.0',
    ],
    [
      'no name',
      route({ scope: 'user', stripSetCookies: [''] }),
      'POLICY_SHAPE routes.more.stripSetCookies.0',
    ],
    [
      'the setting for public routes',
      route({ scope: 'user', stripSetCookie: true }),
      'POLICY_UNSAFE routes.more.stripSetCookie',
    ],
  ])('not %s', (_, changes, problem) => {
    expect(problemsOf(changes)).toEqual([problem]);
  });

  it('by names and by one star, and a credential among them is a warning', () => {
    const changes = route({ scope: 'user', stripSetCookies: ['XSRF-TOKEN', 'laravel_*', 'session'] });
    expect(problemsOf(changes)).toEqual([]);
    expect(policyWarnings({ ...BASE, ...changes } as PolicyInput)).toEqual([
      expect.stringMatching(/^routes\.more\.stripSetCookies: session is a credential/),
    ]);
  });

  it('are warned of too where a pattern means a credential', () => {
    const changes = route({ scope: 'user', stripSetCookies: ['sess*', 'laravel_*'] });
    expect(policyWarnings({ ...BASE, ...changes } as PolicyInput)).toEqual([
      expect.stringMatching(/^routes\.more\.stripSetCookies: sess\* is a credential/),
    ]);
  });
});
