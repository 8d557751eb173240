import { describe, expect, it } from 'vitest';
import { EdgeError } from '../../../src/errors.ts';
import { isAmbiguous, splitTarget } from '../../../src/http/target.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import { movedTo } from '../../../src/request/normalize-request.ts';
import { factsOf, POLICY, policy } from '../support/pipeline.ts';

function codeOf(target: string, init: RequestInit = {}, of: Policy = policy): string | null {
  try {
    factsOf(target, init, of);
    return null;
  } catch (error) {
    if (error instanceof EdgeError) return error.code;
    throw error;
  }
}

describe('the path', () => {
  it('comes in its normal form, and so does one that a request is rewritten to', () => {
    const facts = factsOf('/%61pi/%c3%bc?x=%61');
    expect(facts).toMatchObject({ path: '/api/%C3%BC', query: 'x=%61' });
    expect(movedTo('/%6dine/ü', facts, policy)).toMatchObject({ path: '/mine/%C3%BC', query: '' });
    expect(movedTo('/api/%c3%bc?x=%61', facts, policy)).toBe(facts);
    expect(() => movedTo('/a/%2e%2e/b', facts, policy)).toThrow(EdgeError);
  });

  it('is too long where its normal form is', () => {
    expect(codeOf(`/${'ü'.repeat(600)}`)).toBeNull();
    expect(codeOf(`/${'ü'.repeat(700)}`)).toBe('ERR_URI_TOO_LONG');
  });
});

describe('normalize', () => {
  it.each([
    'surrogate-key',
    'surrogate-control',
    'fastly-xqd-cache-key',
    'fastly-ff',
    'x-claimcache-claims',
    'x-auth-route',
    'cdn-cache-control',
    'x-user-id',
    // To CGI and its kin `X_User_Id` is `X-User-Id`.
    'surrogate_key',
    'x_claimcache_claims',
    'x-claimcache_claims',
    'x_user_id',
    'x-user_id',
    'x_http_method_override',
    'transfer_encoding',
    'content_length',
  ])('an inbound %s is deleted', (name) => {
    expect(factsOf('/', { headers: { [name]: 'x', accept: '*/*' } }).headers.has(name)).toBe(false);
  });

  it('a header of the policy’s is deleted whichever way the policy and the client spell it', () => {
    const origins = { app: { backend: 'origin', lock: { header: 'X_Origin_Secret', item: 'lock' } } };
    const locked = compilePolicy({ ...POLICY, origins });
    for (const name of ['x_origin_secret', 'x-origin-secret'])
      expect(factsOf('/', { headers: { [name]: 'x' } }, locked).headers.has(name)).toBe(false);
  });

  it.each(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'])('%s loses method overrides', (method) => {
    for (const name of [
      'x-http-method-override',
      'X-HTTP-Method',
      'x-method-override',
      'x-http-method.override',
    ])
      expect(factsOf('/', { headers: { [name]: 'DELETE' }, method }).headers.has(name), name).toBe(false);
  });

  it('a name with anything but letters, digits and - goes no further, unless the policy lists it', () => {
    const open = compilePolicy({ ...POLICY, requestHeaders: { allow: ['API_Key', 'x.y'] } });
    for (const name of ['api_key', 'x.y']) {
      expect(factsOf('/', { headers: { [name]: 'x' } }).headers.has(name), name).toBe(false);
      expect(factsOf('/', { headers: { [name]: 'x' } }, open).headers.get(name), name).toBe('x');
    }
    const reading = compilePolicy({
      ...POLICY,
      routes: { ...POLICY.routes, assets: { path: '/assets/**', vary: ['x_theme'] } },
    });
    expect(factsOf('/', { headers: { x_theme: 'x' } }, reading).headers.get('x_theme')).toBe('x');
  });

  it('a dangerous field is let in where the policy allows it, and by no other spelling', () => {
    const open = compilePolicy({ ...POLICY, requestHeaders: { allow: ['X-Forwarded-Prefix'] } });
    const headers = {
      'x-forwarded-prefix': 'a',
      x_forwarded_prefix: 'b',
      'x-forwarded.prefix': 'c',
      'x-forwarded-host': 'd',
    };
    expect(Object.fromEntries(factsOf('/', { headers }).headers)).toEqual({});
    expect(Object.fromEntries(factsOf('/', { headers }, open).headers)).toEqual({
      'x-forwarded-prefix': 'a',
    });
  });

  it('the policy drops further ones, by name or by how they begin', () => {
    const strict = compilePolicy({
      ...POLICY,
      requestHeaders: { drop: ['X-Tenant', 'X-Internal-*', 'sec-ch-*'] },
    });
    const headers = {
      'x-tenant': '1',
      'x-internal-id': '2',
      'x-internal': '3',
      'x-tenants': '4',
      'sec-ch-ua': '5',
    };
    expect(Object.fromEntries(factsOf('/', { headers }, strict).headers)).toEqual({
      'x-internal': '3',
      'x-tenants': '4',
    });
  });

  it('cookies of several fields are one list', () => {
    const facts = factsOf('/', {
      headers: [
        ['cookie', 'theme=dark'],
        ['cookie', 'cms_session=1'],
      ],
    });
    expect(facts.headers.get('cookie')).toBe('theme=dark; cms_session=1');
    expect([...facts.cookies.keys()]).toEqual(['theme', 'cms_session']);
  });

  it('refuses more cookies, and longer lists, than anybody needs', () => {
    const cookies = (count: number, of: Policy = policy) =>
      codeOf('/', { headers: { cookie: Array(count).fill('a=').join(';') } }, of);
    expect(cookies(200)).toBeNull();
    expect(cookies(201)).toBe('ERR_REQUEST_TOO_LARGE');
    expect(cookies(21, compilePolicy({ ...POLICY, limits: { cookiePairs: 20 } }))).toBe(
      'ERR_REQUEST_TOO_LARGE',
    );
    for (const name of ['connection', 'if-none-match', 'if-match', 'accept', 'authorization']) {
      const list = (count: number) => codeOf('/', { headers: { [name]: Array(count).fill('a').join(',') } });
      expect(list(100), name).toBeNull();
      expect(list(101), name).toBe('ERR_REQUEST_TOO_LARGE');
    }
  });

  it.each([
    '/a/../api/orders',
    '/./api/orders',
    '/a/%2e%2E/api/orders',
    '/a/.%2e/api/orders',
    '/a/..;x/api/orders',
    '/a/..%2fapi/orders',
    '/a/%252e%252e/api/orders',
    '/a/..%5capi/orders',
    '/a\\..\\api\\orders',
    '/a\\b',
    '/a/..',
    '/a/..%00/b',
  ])('refuses %s, which somebody on the way would resolve to another path', (target) => {
    expect(codeOf(target)).toBe('ERR_REQUEST_MALFORMED');
  });

  it.each(['/a/...', '/a/..b', '/.well-known/x', '/a/b..', '/a.b/c', '/a%2fb'])(
    'lets %s through',
    (target) => {
      expect(codeOf(target)).toBeNull();
    },
  );

  it('refuses what cannot be served', () => {
    expect(codeOf('/', { method: 'PURGE' })).toBe('ERR_METHOD_REFUSED');
    expect(codeOf('/', { method: 'BREW' })).toBe('ERR_METHOD_UNKNOWN');
    expect(codeOf(`/${'a'.repeat(4096)}`)).toBe('ERR_URI_TOO_LONG');
    expect(codeOf('/', { headers: { a: 'x'.repeat(33_000) } })).toBe('ERR_REQUEST_TOO_LARGE');
    expect(codeOf('/', { headers: { cookie: 'x'.repeat(17_000) } })).toBe('ERR_REQUEST_TOO_LARGE');
  });

  it('serves only the hosts of the policy, with any port', () => {
    const strict = compilePolicy({ ...POLICY, hosts: ['WWW.example'] });
    const host = (value: string) => codeOf('/', { headers: { host: value } }, strict);
    expect(host('www.example')).toBeNull();
    expect(host('WWW.Example:8080')).toBeNull();
    expect(host('evil.example')).toBe('ERR_HOST_UNKNOWN');
    expect(host('www.example.evil')).toBe('ERR_HOST_UNKNOWN');
    for (const bad of ['www.example/x', 'a b', '', '.', 'x:99999999', 'www.example@evil'])
      expect(host(bad)).not.toBeNull();
  });
});

describe('targets', () => {
  it('are split as they came, nothing resolved or decoded', () => {
    expect(splitTarget('http://h/a/../b?x=%2e#f')).toEqual({ path: '/a/../b', query: 'x=%2e' });
    expect(splitTarget('http://h?x')).toEqual({ path: '/', query: 'x' });
    expect(splitTarget('http://h//evil/x')).toEqual({ path: '//evil/x', query: '' });
  });

  it.each([
    '/a%2fb',
    '/a%5Cb',
    '/a\\b',
    '/./a',
    '/a/..',
    '/%2e%2e/a',
    '/a//b',
    '/a;b',
    '/a%00',
    '/a%0d',
    '/a%25',
    '/a%3b',
    '/a%',
    '/a%zz',
    '/ü',
    '/a\u0000',
    '/a b',
  ])('%j could be read differently', (path) => expect(isAmbiguous(path)).toBe(true));

  it.each(['/', '/a', '/a/b/', '/a.b/c', '/.well-known/x', '/a%20b', '/@a:b,c', '/a...b'])(
    '%j could not',
    (path) => expect(isAmbiguous(path)).toBe(false),
  );
});
