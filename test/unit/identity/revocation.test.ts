import { describe, expect, it } from 'vitest';
import { createIdentify } from '../../../src/identity/identify.ts';
import { type Revocable, revocationEntry, revocationKey } from '../../../src/keys/revocation-entry.ts';
import type { RevocationRule } from '../../../src/policy/revocation-rule.ts';
import { CLAIMS, NO_STORES, NOW_MS, NOW_SECONDS, pairFor, provider, scope, sign } from './fixtures.ts';

const hs = await pairFor('HS256');
const RULE: RevocationRule = {
  store: 'revoked',
  scopes: [
    { name: 'user', path: ['sub'] },
    { name: 'tenant', path: ['tenant'] },
  ],
  onUnavailable: 'reject',
  maxTokenSeconds: 3600,
};

async function ask(
  claims: Record<string, unknown>,
  entries: ReadonlyMap<string, string> | 'down',
  rule: RevocationRule | null = RULE,
) {
  const readKv = async (store: string, key: string) => {
    if (entries === 'down') throw new Error('down');
    expect(store).toBe('revoked');
    return entries.get(key) ?? null;
  };
  const headers = new Headers({ authorization: `Bearer ${await sign(hs, { ...CLAIMS, ...claims })}` });
  const identify = createIdentify({ ...NO_STORES, readKv });
  const result = await identify(headers, scope([provider(hs)]), NOW_MS, { revocation: rule });
  return 'code' in result ? result.code : result.kind;
}

function revoked(what: Revocable, atSeconds = NOW_SECONDS - 30): Map<string, string> {
  const { key, value } = revocationEntry(what, atSeconds);
  return new Map([[key, value]]);
}

describe('revocation', () => {
  it('ends every token of an identity issued up to that second', async () => {
    const entries = revoked({ scope: 'user', value: 'alice' });
    expect(await ask({ iat: NOW_SECONDS - 31 }, entries)).toBe('ERR_TOKEN_REVOKED');
    expect(await ask({ iat: NOW_SECONDS - 30 }, entries)).toBe('ERR_TOKEN_REVOKED');
    expect(await ask({ iat: NOW_SECONDS - 29.5 }, entries)).toBe('ERR_TOKEN_REVOKED');
    expect(await ask({ iat: NOW_SECONDS - 29 }, entries)).toBe('verified');
    expect(await ask({ sub: 'bob', iat: 1 }, entries)).toBe('verified');
  });

  it('counts a missing iat, and one in the future, as revoked', async () => {
    const entries = revoked({ scope: 'user', value: 'alice' });
    expect(await ask({ iat: undefined }, entries)).toBe('ERR_TOKEN_REVOKED');
    expect(await ask({ iat: NOW_SECONDS + 1 }, entries)).toBe('ERR_TOKEN_REVOKED');
    expect(await ask({ sub: 'bob', iat: undefined }, entries)).toBe('verified');
  });

  it('of one token names its jti, whatever text that is', async () => {
    for (const jti of ['t-1', 'a b/c', 'é'.repeat(200)]) {
      const entries = revoked({ tokenId: jti });
      expect(await ask({ jti }, entries)).toBe('ERR_TOKEN_REVOKED');
      expect(await ask({ jti: 'other' }, entries)).toBe('verified');
    }
  });

  it('reaches each scope of the rule', async () => {
    const entries = revoked({ scope: 'tenant', value: 'acme' });
    expect(await ask({ tenant: 'acme' }, entries)).toBe('ERR_TOKEN_REVOKED');
    expect(await ask({ tenant: 'other' }, entries)).toBe('verified');
  });

  it('under an entry that cannot be read is total', async () => {
    const key = revocationKey({ scope: 'user', value: 'alice' });
    for (const entry of ['', 'x', 'null', '{}', '{"notBefore":"1"}', '[]']) {
      expect(await ask({ iat: NOW_SECONDS - 1 }, new Map([[key, entry]]))).toBe('ERR_TOKEN_REVOKED');
    }
  });

  it('fails closed when the store is down, unless the policy says otherwise', async () => {
    expect(await ask({}, 'down')).toBe('ERR_REVOCATION_UNAVAILABLE');
    expect(await ask({}, 'down', { ...RULE, onUnavailable: 'allow' })).toBe('verified');
    expect(await ask({}, 'down', null)).toBe('verified');
  });

  it('is asked only about tokens that verify', async () => {
    expect(await ask({ exp: 1 }, 'down')).toBe('ERR_TOKEN_EXPIRED');
  });

  it('stands under keys that follow the rule of surrogate keys and never collide', () => {
    expect(revocationKey({ scope: 'user', value: 42 })).toBe('revoked/user:42');
    expect(revocationKey({ tokenId: 'abc' })).toBe('revoked-token/jti:abc');
    expect(revocationKey({ scope: 'jti', value: 'abc' })).not.toBe(revocationKey({ tokenId: 'abc' }));
    expect(revocationEntry({ tokenId: 'x' }, 10.2).value).toBe('{"notBefore":11}');
  });
});
