import { describe, expect, it } from 'vitest';
import type { CacheResult } from '../../../src/cache/cache-engine.ts';
import { asEdgeError, EdgeError } from '../../../src/errors.ts';
import type { CacheDecision, PassDecision } from '../../../src/lanes/decision.ts';
import type { Route } from '../../../src/policy/routes/route.ts';
import { problem } from '../../../src/request/problem.ts';
import { cachedHeaders, passHeaders } from '../../../src/request/response-headers.ts';
import { ALICE, decisionOf, verified } from '../support/pipeline.ts';

const NOW_MS = 1_000_000_000_000;
const INTERNAL = {
  'surrogate-key': 'a',
  'surrogate-control': 'max-age=1',
  'cdn-cache-control': 'max-age=1',
  'x-accel-expires': '600',
  'x-accel-redirect': '/inside/1',
  'akamai-cache-control': 'max-age=600',
  'netlify-cdn-cache-control': 'max-age=600',
  'x-litespeed-cache-control': 'public,max-age=600',
  'x-litespeed-tag': 'user-42',
  'x-magento-cache-control': 'max-age=600',
  'x-sendfile': '/etc/passwd',
  'x-lighttpd-send-file': '/etc/passwd',
  'edge-control': 'max-age=600',
  'edge-cache-tag': 'user-42',
  'cache-tag': 'user-42',
  'x-cache-tags': 'user-42',
  'x-drupal-cache-tags': 'user:42',
  xkey: 'user-42',
  'x-cache-control': 'max-age=600',
  'x-cacheable': 'yes',
  'x-claimcache-fingerprint': 'f',
  'fastly-restarts': '1',
  'x-cache-hits': '9',
  connection: 'x-hop',
  'x-hop': '1',
};

function result(headers: Record<string, string>, changes: Partial<CacheResult> = {}): CacheResult {
  return {
    state: 'HIT',
    status: 200,
    headers: new Headers({ ...headers, ...INTERNAL }),
    body: null,
    ageSeconds: 7,
    ttlSeconds: 3,
    stored: false,
    detail: 'fresh',
    originMs: null,
    ...changes,
  };
}

function scoped(headers: Record<string, string>, route: Partial<Route> = {}, identity = ALICE, status = 200) {
  const decision = decisionOf('/api/orders', { identity: verified() }) as CacheDecision;
  return cachedHeaders(
    result(headers, { status }),
    { ...decision, route: { ...decision.route, ...route } },
    identity,
    NOW_MS,
  );
}

function open(headers: Record<string, string>, route: Partial<Route> = {}, status = 200) {
  const decision = decisionOf('/') as CacheDecision;
  const ofRoute = { ...decision, route: { ...decision.route, ...route } };
  return cachedHeaders(result(headers, { status }), ofRoute, null, NOW_MS);
}

describe('what a browser gets', () => {
  it.each([
    [1.9, '1'],
    [-0.5, '0'],
    [2 ** 31 + 5, '2147483648'],
  ])('an age of %s as the whole number that it may be', (ageSeconds, shown) => {
    const decision = decisionOf('/') as CacheDecision;
    const headers = cachedHeaders(result({}, { ageSeconds, ttlSeconds: 2.5 }), decision, null, NOW_MS);
    expect(headers.get('age')).toBe(shown);
    expect(headers.get('cache-status')).toBe('claimcache;hit;ttl=2');
  });

  it('no-store of an origin however it is written', () => {
    for (const said of ['no-store="x"', 'No-Store=', 'max-age=5 ,NO-STORE'])
      expect(scoped({ 'cache-control': said }).get('cache-control')).toBe('private, no-store, max-age=0');
  });

  it('nothing internal, from no lane', () => {
    const passed = passHeaders(new Headers(INTERNAL), decisionOf('/', { method: 'POST' }) as PassDecision);
    for (const headers of [scoped({}), open({}), passed]) {
      const names = [...headers.keys()].filter(
        (name) => !['age', 'cache-control', 'cache-status', 'vary', 'x-cache'].includes(name),
      );
      expect(names).toEqual([]);
    }
  });

  it('of a scoped page: private, asked for each time, with the Vary that a change of user needs', () => {
    const headers = scoped({ 'cache-control': 'public, max-age=600', expires: 'x', vary: 'Accept' });
    expect(headers.get('cache-control')).toBe('private, no-cache');
    expect(headers.has('expires')).toBe(false);
    expect(headers.get('vary')).toBe('Accept, authorization, cookie');
    expect(headers.get('age')).toBe('7');
    expect(headers.get('x-cache')).toBe('HIT');
  });

  it('a max-age that never outlives the token', () => {
    const until = (seconds: number) => ({ ...ALICE, expiresAtSeconds: NOW_MS / 1000 + seconds });
    expect(scoped({}, { browserTtlSeconds: 60 }, until(1000)).get('cache-control')).toBe(
      'private, max-age=60',
    );
    expect(scoped({}, { browserTtlSeconds: 60 }, until(9.9)).get('cache-control')).toBe('private, max-age=9');
    expect(scoped({}, { browserTtlSeconds: 60 }, until(-9)).get('cache-control')).toBe('private, max-age=0');
  });

  it('no-store of the origin stays', () => {
    expect(scoped({ 'cache-control': 'no-store' }, { browserTtlSeconds: 60 }).get('cache-control')).toBe(
      'private, no-store, max-age=0',
    );
    expect(open({ 'cache-control': 'no-store' }, { browserTtlSeconds: 60 }).get('cache-control')).toBe(
      'no-store',
    );
    expect(open({ 'cache-control': 'private' }, { browserTtlSeconds: 60 }).get('cache-control')).toBe(
      'private',
    );
  });

  it('the route’s max-age is for pages: a failure, and a public page that sets a cookie, do not get it', () => {
    const route = { browserTtlSeconds: 60 };
    for (const status of [404, 500, 503]) {
      expect(scoped({}, route, ALICE, status).get('cache-control')).toBe('private, no-cache');
      expect(open({}, route, status).get('cache-control')).toBeNull();
    }
    expect(open({ 'set-cookie': 'session=1' }, route).get('cache-control')).toBeNull();
  });

  it('of a public page: the origin’s field byte for byte, or the route’s', () => {
    expect(open({ 'cache-control': 'Public,max-age=60' }).get('cache-control')).toBe('Public,max-age=60');
    expect(open({ 'cache-control': 'max-age=60' }, { browserTtlSeconds: 5 }).get('cache-control')).toBe(
      'public, max-age=5',
    );
  });

  it('of the pass lane: no-store and X-Auth-Route for editors; a login keeps its own field', () => {
    const editor = passHeaders(
      new Headers({ 'cache-control': 'public, max-age=60', 'set-cookie': 'a=b' }),
      decisionOf('/', { headers: { cookie: 'cms_session=1' } }) as PassDecision,
    );
    expect(Object.fromEntries(editor)).toMatchObject({
      'cache-control': 'private, no-store, max-age=0',
      'x-auth-route': 'true',
      'x-cache': 'BYPASS',
      'set-cookie': 'a=b',
    });
    const login = passHeaders(
      new Headers({ 'cache-control': 'no-cache' }),
      decisionOf('/login', { method: 'POST' }) as PassDecision,
    );
    expect(login.get('cache-control')).toBe('no-cache');
    expect(login.has('x-auth-route')).toBe(false);
  });

  it('Vary: * stays as it is', () => {
    expect(scoped({ vary: '*' }).get('vary')).toBe('*');
  });
});

describe('an error', () => {
  it.each([
    ['ERR_CREDENTIAL_MISSING', 401, 'Bearer'],
    ['ERR_TOKEN_EXPIRED', 401, 'Bearer error="invalid_token"'],
    ['ERR_SCOPE_INSUFFICIENT', 403, 'Bearer error="insufficient_scope"'],
    ['ERR_KEYS_UNAVAILABLE', 503, null],
    ['ERR_HOST_UNKNOWN', 421, null],
  ] as const)('%s: %i with %s, as problem details that nobody stores', async (code, status, challenge) => {
    const response = problem(new EdgeError(code, { cause: new Error('secret detail') }), 'request-1');
    expect(response.status).toBe(status);
    expect(response.headers.get('www-authenticate')).toBe(challenge);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toContain('no-store');
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status, requestId: 'request-1' });
    expect(text).not.toContain('secret');
  });

  it('says when to come again, where that is known', () => {
    const limited = problem(new EdgeError('ERR_RATE_LIMITED', { retryAfterSeconds: 300 }), 'request-1');
    expect(limited).toMatchObject({ status: 429 });
    expect(limited.headers.get('retry-after')).toBe('300');
    expect(problem(new EdgeError('ERR_INTERNAL'), 'request-1').headers.has('retry-after')).toBe(false);
  });

  it('anything thrown is an internal error', () => {
    expect(asEdgeError('x').code).toBe('ERR_INTERNAL');
    expect(asEdgeError(new TypeError('x')).status).toBe(500);
  });
});
