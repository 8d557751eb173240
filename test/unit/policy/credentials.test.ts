import { describe, expect, it } from 'vitest';
import { claimsHeader } from '../../../src/origin/claims-header.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/input.ts';
import { PolicyError } from '../../../src/policy/policy-error.ts';
import { policyWarnings } from '../../../src/policy/warnings.ts';
import type { ClaimValue } from '../../../src/types/policy.ts';

const BASE = {
  origins: { app: { backend: 'origin' } },
  providers: {
    app: {
      credentials: [{ header: 'X-Session-Token' }, { cookie: 'session' }],
      algorithms: ['HS256'],
      keys: { secretStore: 's', item: 'k', format: 'raw' },
    },
  },
  scopes: { user: { claims: 'sub' }, keyed: { parts: [{ header: 'x-api-key' }], providers: [] } },
  routes: { orders: { path: '/api/orders', scope: 'user' }, news: { path: '/news', lane: 'public' } },
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

describe('a credential is no variant', () => {
  const varying = (...vary: string[]) => ({
    routes: { ...BASE.routes, news: { path: '/news', lane: 'public', vary } },
  });

  it.each([
    'x-session-token',
    'X-Session-Token',
    'X_SESSION_TOKEN',
    'x-session_token',
    'x-api-key',
    'X_Api_Key',
    'Authorization',
    'AUTHORIZATION',
    'Proxy-Authorization',
    'proxy_authorization',
    'cookie',
    'COOKIE',
  ])('vary must not name %s', (header) => {
    expect(problemsOf(varying('accept-language', header))).toContain('POLICY_UNSAFE routes.news.vary');
  });

  it.each(['accept-language', 'x-session', 'x-variant'])('it may name %s', (header) => {
    expect(problemsOf(varying(header))).toEqual([]);
  });

  it.each([{ header: 'x-session-token' }, { header: 'X_Session_Token' }, { cookie: 'session' }])(
    'a scope that verifies nothing must not keep pages by the token in %j',
    (part) => {
      const scopes = { ...BASE.scopes, loose: { parts: [part], providers: [] } };
      expect(problemsOf({ scopes })).toContain('POLICY_UNSAFE scopes.loose.parts.0');
    },
  );

  it('a forwarded claim must not take the place of a credential, by any spelling', () => {
    for (const header of ['X-Session-Token', 'x_session_token', 'x-api-key']) {
      const routes = { orders: { path: '/api/orders', scope: 'user', forwardClaims: { [header]: 'sub' } } };
      expect(problemsOf({ routes })).toEqual([`POLICY_CONFLICT routes.orders.forwardClaims.${header}`]);
    }
  });
});

describe('cookies of editors that are signed', () => {
  const cookie = (hmac: object) => ({ cms: { cookies: [{ name: 'editor', hmac: { item: 'k', ...hmac } }] } });
  const warningsOf = (hmac: object) => policyWarnings({ ...BASE, ...cookie(hmac) } as PolicyInput);

  it('bind their name, unless the policy says otherwise', () => {
    const rule = (hmac: object) =>
      compilePolicy({ ...BASE, ...cookie(hmac) } as PolicyInput).cms.sessions.get('editor');
    expect(rule({})).toMatchObject({ name: 'editor', covers: 'name', prefix: '' });
    expect(rule({ covers: 'text', prefix: 'e:' })).toMatchObject({ covers: 'text', prefix: 'e:' });
  });

  it('of a format that knows no name need the policy’s word', () => {
    expect(problemsOf(cookie({ format: 'express' }))).toEqual(['POLICY_UNSAFE cms.cookies.0.hmac.covers']);
    expect(problemsOf(cookie({ format: 'express', covers: 'name' }))).toEqual([
      'POLICY_UNSAFE cms.cookies.0.hmac.covers',
    ]);
    expect(problemsOf(cookie({ format: 'express', covers: 'text' }))).toEqual([]);
    expect(problemsOf(cookie({ covers: 'everything' }))).not.toEqual([]);
  });

  it('are warned of where another cookie can stand in', () => {
    const warned = [expect.stringContaining('cms.cookies.0.hmac.covers')];
    expect(warningsOf({ format: 'express', covers: 'text' })).toMatchObject(expect.arrayContaining(warned));
    for (const hmac of [{}, { covers: 'text', prefix: 'e:' }]) {
      expect(warningsOf(hmac).filter((text) => text.startsWith('cms.'))).toEqual([]);
    }
  });
});

describe('keys in the policy', () => {
  const A43 = 'A'.repeat(43);
  const good = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  };
  const ed = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
  const n = `v${'A'.repeat(340)}Q`;
  const withKey = (jwk: object, algorithm: string) =>
    problemsOf({ providers: { app: { algorithms: [algorithm], keys: { jwks: { keys: [jwk] } } } } });

  it('that are good build', () => {
    expect(withKey(good, 'ES256')).toEqual([]);
    expect(withKey({ kty: 'RSA', n, e: 'AQAB' }, 'RS256')).toEqual([]);
    expect(withKey({ kty: 'RSA', n, e: 'Aw' }, 'RS256')).toEqual([]);
    expect(withKey({ kty: 'OKP', crv: 'Ed25519', x: ed }, 'EdDSA')).toEqual([]);
  });

  it.each<[string, object, string, string]>([
    ['a point at nought', { ...good, x: A43, y: A43 }, 'ES256', 'x'],
    ['a point off the curve', { ...good, y: good.x }, 'ES256', 'x'],
    ['a point cut', { ...good, x: good.x.slice(1) }, 'ES256', 'x'],
    ['no point', { kty: 'EC', crv: 'P-256' }, 'ES256', 'x'],
    ['an even modulus', { kty: 'RSA', n: `v${'A'.repeat(341)}`, e: 'AQAB' }, 'RS256', 'n'],
    ['an exponent of 1', { kty: 'RSA', n, e: 'AQ' }, 'RS256', 'e'],
    ['an even exponent', { kty: 'RSA', n, e: 'Ag' }, 'RS256', 'e'],
    ['a huge exponent', { kty: 'RSA', n, e: 'A'.repeat(20).replace(/^A/, '_') }, 'RS256', 'e'],
    ['no exponent', { kty: 'RSA', n }, 'RS256', 'e'],
    ['an Ed25519 key of low order', { kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}` }, 'EdDSA', 'x'],
    ['an Ed25519 key cut', { kty: 'OKP', crv: 'Ed25519', x: ed.slice(2) }, 'EdDSA', 'x'],
  ])('%s fails the build', (_, jwk, algorithm, member) => {
    expect(withKey(jwk, algorithm)).toEqual([`POLICY_KEY providers.app.keys.${member}`]);
  });
});

describe('X-Claimcache-Claims', () => {
  const headerOf = (claims: string[], parts: object[], values: ClaimValue[]) => {
    const compiled = compilePolicy({
      ...BASE,
      scopes: { user: { claims, parts } },
    } as unknown as PolicyInput);
    const scope = compiled.scopes.get('user');
    if (scope === undefined) throw new Error('no scope');
    const partition = {
      scope: 'user',
      provider: 'app',
      issuer: null,
      values,
      shared: false,
      surrogateKeys: [],
    };
    return JSON.parse(claimsHeader(partition, scope));
  };

  it('keeps a claim that is called like a part', () => {
    expect(headerOf(['sub', 'country'], [{ country: true }], ['42', 'verified', 'DE'])).toEqual({
      sub: '42',
      country: 'verified',
      'part:country': 'DE',
    });
    expect(headerOf(['device', 'part:device'], [{ device: true }], ['a', 'b', 'mobile'])).toEqual({
      device: 'a',
      'part:device': 'b',
      'part:part:device': 'mobile',
    });
    expect(headerOf(['cookie:ab'], [{ cookie: 'ab', values: ['x'] }], ['claim', 'x'])).toEqual({
      'cookie:ab': 'claim',
      'part:cookie:ab': 'x',
    });
  });

  it('says every part, also of one name', () => {
    const parts = [
      { cookie: 'ab', values: ['a'] },
      { cookie: 'ab', values: ['b'] },
    ];
    expect(headerOf(['sub'], parts, ['42', 'a', 'other'])).toEqual({
      sub: '42',
      'cookie:ab': 'a',
      'part:cookie:ab': 'other',
    });
  });
});
