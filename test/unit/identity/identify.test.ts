import { describe, expect, it, vi } from 'vitest';
import { createIdentify, type IdentifyOptions } from '../../../src/identity/identify.ts';
import type { Provider } from '../../../src/policy/providers/provider.ts';
import type { Scope } from '../../../src/policy/scopes/scope.ts';
import {
  CLAIMS,
  identifyBearer,
  NO_STORES,
  NOW_MS,
  NOW_SECONDS,
  pairFor,
  provider,
  scope,
  sign,
} from './fixtures.ts';

const hs = await pairFor('HS256');
const rs = await pairFor('RS256');
const APP = provider(hs, { issuers: ['https://app.example'] });
const PARTNER = provider(rs, { name: 'partner', issuers: ['https://partner.example'] });
const appToken = await sign(hs, { ...CLAIMS, iss: 'https://app.example' });
const partnerToken = await sign(rs, { ...CLAIMS, iss: 'https://partner.example' });

describe('several providers on one scope', () => {
  it('the issuer that a token claims chooses whom to ask, and the provider is part of the identity', async () => {
    for (const providers of [
      [APP, PARTNER],
      [PARTNER, APP],
    ]) {
      expect(await identifyBearer(appToken, providers)).toMatchObject({ identity: { provider: 'app' } });
      expect(await identifyBearer(partnerToken, providers)).toMatchObject({
        identity: { provider: 'partner' },
      });
    }
  });

  it('claiming the issuer of another provider does not help', async () => {
    const forged = await sign(hs, { ...CLAIMS, iss: 'https://partner.example' });
    expect(await identifyBearer(forged, [APP, PARTNER])).toEqual({
      kind: 'invalid',
      code: 'ERR_TOKEN_ALGORITHM',
    });
    const unknown = await sign(hs, { ...CLAIMS, iss: 'https://evil.example' });
    expect(await identifyBearer(unknown, [APP, PARTNER])).toEqual({
      kind: 'invalid',
      code: 'ERR_TOKEN_CLAIM',
    });
  });

  it('those without an issuer are asked in order, but not about the token of a named issuer', async () => {
    const open = provider(hs, { name: 'open' });
    const other = provider(rs, { name: 'other' });
    expect(await identifyBearer(await sign(rs), [open, other])).toMatchObject({
      identity: { provider: 'other' },
    });
    const forged = await sign(hs, { ...CLAIMS, iss: 'https://partner.example' });
    expect(await identifyBearer(forged, [open, PARTNER])).toMatchObject({ kind: 'invalid' });
  });

  it('keys that cannot be had are never replaced by those of the next provider', async () => {
    const down: Provider = {
      ...provider(hs),
      name: 'down',
      keys: { kind: 'secretStore', store: 's', item: 'i', format: 'jwk' },
    };
    const rejecting = { ...NO_STORES, secret: () => Promise.reject(new Error('down')) };
    for (const deps of [NO_STORES, rejecting]) {
      expect(await identifyBearer(await sign(hs), [down, provider(hs)], deps)).toMatchObject({
        kind: 'unavailable',
        code: 'ERR_KEYS_UNAVAILABLE',
      });
    }
  });

  it('each looks for the credential in its own places', async () => {
    const cookie = { ...APP, credentials: [{ kind: 'cookie', name: 'session' }] } as const;
    const identify = createIdentify(NO_STORES);
    const both = scope([cookie, PARTNER]);
    const at = (headers: Record<string, string>) => identify(new Headers(headers), both, NOW_MS);
    expect(await at({ cookie: `session=${appToken}` })).toMatchObject({
      identity: { credentialSource: { name: 'session' } },
    });
    expect(await at({ authorization: `Bearer ${partnerToken}` })).toMatchObject({
      identity: { provider: 'partner', credentialSource: { name: 'authorization' } },
    });
    expect(await at({})).toEqual({ kind: 'missing' });
  });
});

it('a token is one identity under one name of a pattern, and few are kept whatever the number of names', async () => {
  const places = [{ kind: 'cookiePattern', pattern: 's-*', glob: ['s-', ''] }] as const;
  const identify = createIdentify(NO_STORES);
  const token = await sign(hs, { ...CLAIMS, jti: 'names' });
  const under = async (name: string) => {
    const headers = new Headers({ cookie: `${name}=${token}` });
    const result = await identify(headers, scope([provider(hs, { credentials: places })]), NOW_MS);
    return result.kind === 'verified' ? result.identity : null;
  };
  const first = await under('s-a');
  expect(first?.credentialSource).toEqual({ kind: 'cookie', name: 's-a' });
  expect(await under('s-a')).toBe(first);
  for (let i = 0; i < 20; i++) await under(`s-${i}`);
  const again = await under('s-a');
  expect(again).toEqual(first);
  expect(again).not.toBe(first);
});

describe('claims that a scope requires', () => {
  const ask = async (
    claims: Record<string, unknown>,
    requiredClaims: NonNullable<Scope['requiredClaims']>,
  ) => {
    const headers = new Headers({ authorization: `Bearer ${await sign(hs, { ...CLAIMS, ...claims })}` });
    const result = await createIdentify(NO_STORES)(
      headers,
      scope([provider(hs)], { requiredClaims }),
      NOW_MS,
    );
    return 'code' in result ? result.code : result.kind;
  };

  it('a value among those accepted, alone or in an array, is enough', async () => {
    const admin = [{ path: ['role'], values: ['admin', 'owner'] }];
    for (const role of ['admin', 'owner', ['x', 'owner']])
      expect(await ask({ role }, admin)).toBe('verified');
    for (const role of ['Admin', 'x', [], ['x'], [['admin']], { admin: true }, true]) {
      expect(await ask({ role }, admin)).toBe('ERR_SCOPE_INSUFFICIENT');
    }
    expect(await ask({}, admin)).toBe('ERR_SCOPE_INSUFFICIENT');
    expect(await ask({ scope: 'read write' }, [{ path: ['scope'], values: ['write'] }])).toBe('verified');
    expect(await ask({ level: '1' }, [{ path: ['level'], values: [1] }])).toBe('ERR_SCOPE_INSUFFICIENT');
  });

  it('each of them is needed; without values any value does', async () => {
    const both = [
      { path: ['org', 'id'], values: null },
      { path: ['beta'], values: [true] },
    ];
    expect(await ask({ org: { id: 'x' }, beta: true }, both)).toBe('verified');
    expect(await ask({ org: { id: '' }, beta: true }, both)).toBe('ERR_SCOPE_INSUFFICIENT');
    expect(await ask({ org: { id: 'x' }, beta: false }, both)).toBe('ERR_SCOPE_INSUFFICIENT');
  });

  it('a bad token is a bad token first', async () => {
    expect(await ask({ exp: NOW_SECONDS - 1 }, [{ path: ['role'], values: ['x'] }])).toBe(
      'ERR_TOKEN_EXPIRED',
    );
  });
});

describe('a flood of bad tokens', () => {
  function limited() {
    let count = 0;
    const limiter = { isBlocked: () => count > 2, count: vi.fn(() => ++count > 2) };
    const options: IdentifyOptions = { limit: { client: '192.0.2.1', limiter } };
    const identify = createIdentify(NO_STORES);
    const ask = async (token: string | null) => {
      const headers = new Headers(token === null ? {} : { authorization: `Bearer ${token}` });
      const result = await identify(headers, scope([provider(hs)]), NOW_MS, options);
      return 'code' in result ? result.code : result.kind;
    };
    return { ask, limiter };
  }

  it('meets the limit, and then not even a good token is looked at', async () => {
    const { ask, limiter } = limited();
    expect(await ask('x')).toBe('ERR_TOKEN_MALFORMED');
    expect(await ask(await sign(rs))).toBe('ERR_TOKEN_ALGORITHM');
    expect(limiter.count).toHaveBeenLastCalledWith('192.0.2.1');
    expect(await ask('x')).toBe('ERR_RATE_LIMITED');
    expect(await ask(await sign(hs))).toBe('ERR_RATE_LIMITED');
    expect(await ask(null)).toBe('missing');
  });

  it('does not count what an honest client sends', async () => {
    const { ask, limiter } = limited();
    expect(await ask(await sign(hs))).toBe('verified');
    expect(await ask(await sign(hs, { sub: 'alice', exp: 1 }))).toBe('ERR_TOKEN_EXPIRED');
    expect(await ask(null)).toBe('missing');
    expect(limiter.count).not.toHaveBeenCalled();
  });
});
