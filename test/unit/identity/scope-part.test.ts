import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseCookies } from '../../../src/http/cookies.ts';
import { createIdentify } from '../../../src/identity/identify.ts';
import type { Identity, Visitor } from '../../../src/identity/identity.ts';
import { partitionOf } from '../../../src/identity/partition-of.ts';
import type { ScopePart } from '../../../src/policy/scopes/scope-parts.ts';
import { NO_STORES, NOW_MS, pairFor, provider, scope } from './fixtures.ts';

const APP = provider(await pairFor('HS256'));

function visitor(headers: Record<string, string> = {}, more: Partial<Visitor> = {}): Visitor {
  const fields = new Headers(headers);
  return {
    headers: fields,
    cookies: parseCookies(fields),
    country: () => 'DE',
    device: () => 'mobile',
    ...more,
  };
}

function partValue(part: ScopePart, who: Visitor, claims: Record<string, unknown> = {}) {
  const credentialSource = { kind: 'cookie', name: 'session' } as const;
  const identity: Identity = {
    provider: 'app',
    algorithm: 'HS256',
    keyId: null,
    claims,
    expiresAtSeconds: 0,
    credentialSource,
  };
  return partitionOf(identity, scope([APP], { claims: [], partScopes: [], parts: [part] }), who)?.values[0];
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

describe('a part of a scope', () => {
  it('tells whether an array contains a value, and is false where there is none', () => {
    const part = { kind: 'contains', path: ['groups'], value: 'editors' } as const;
    expect(partValue(part, visitor(), { groups: ['a', 'editors'] })).toBe(true);
    for (const groups of [['Editors'], 'x', [], [['editors']], undefined, { editors: true }]) {
      expect(partValue(part, visitor(), { groups })).toBe(false);
    }
    expect(partValue(part, visitor(), { groups: 'editors' })).toBe(true);
    const scopes = { kind: 'contains', path: ['scope'], value: 'write' } as const;
    expect(partValue(scopes, visitor(), { scope: 'read write' })).toBe(true);
    expect(partValue(scopes, visitor(), { scope: 'read writer' })).toBe(false);
  });

  it('keeps the types of members apart', () => {
    const part = { kind: 'contains', path: ['ids'], value: 1 } as const;
    expect(partValue(part, visitor(), { ids: ['1', true] })).toBe(false);
    expect(partValue(part, visitor(), { ids: [1] })).toBe(true);
  });

  it('with a list of values is one of them, or other', () => {
    const bucket = { kind: 'cookie', name: 'ab', values: ['a', 'b'] } as const;
    expect(partValue(bucket, visitor({ cookie: 'ab=b' }))).toBe('b');
    for (const cookie of ['ab=c', 'ab=', 'ab=a; ab=b', 'AB=a', 'x=a']) {
      expect(partValue(bucket, visitor({ cookie }))).toBe('other');
    }
    const header = { kind: 'header', name: 'x-plan', values: ['free', 'paid'] } as const;
    expect(partValue(header, visitor({ 'x-plan': 'paid' }))).toBe('paid');
    expect(partValue(header, visitor({ 'x-plan': 'paid, free' }))).toBe('other');
    expect(partValue(header, visitor())).toBe('other');
  });

  it('that is a language is negotiated', () => {
    const part = { kind: 'header', name: 'accept-language', values: ['en', 'de', 'pt-BR'] } as const;
    const preferences: [string, string][] = [
      ['de-AT,de;q=0.9,en;q=0.8', 'de'],
      ['fr, en;q=0.1', 'en'],
      ['pt-br', 'pt-BR'],
      ['pt', 'other'],
      ['de;q=0, en;q=0.5', 'en'],
      ['en;q=0.5, de;q=0.7', 'de'],
      ['en;q=x, de;q=7', 'other'],
      ['*', 'other'],
      ['', 'other'],
      ['fr,'.repeat(40), 'other'],
    ];
    for (const [field, language] of preferences) {
      expect(partValue(part, visitor({ 'accept-language': field }))).toBe(language);
    }
  });

  it('that is a whole header or cookie is its hash, never the value', () => {
    const part = { kind: 'header', name: 'authorization', values: null } as const;
    expect(partValue(part, visitor({ authorization: 'Basic YTpi' }))).toBe(sha256('Basic YTpi'));
    expect(partValue({ kind: 'cookie', name: 's', values: null }, visitor({ cookie: 's=x' }))).toBe(
      sha256('x'),
    );
    expect(partValue(part, visitor())).toBeUndefined();
  });

  it('by a pattern of cookies is the value with the name, of one cookie alone', () => {
    const part = { kind: 'cookiePattern', pattern: 'ab_*', glob: ['ab_', ''], values: ['a', 'b'] } as const;
    expect(partValue(part, visitor({ cookie: 'x=1; ab_home=b' }))).toBe('ab_home=b');
    expect(partValue(part, visitor({ cookie: 'ab_cart=b' }))).toBe('ab_cart=b');
    for (const cookie of ['ab_home=c', 'ab_home=a; ab_cart=a', 'ab_home=a; ab_home=a', 'ab=a', ''])
      expect(partValue(part, visitor({ cookie })), cookie).toBe('other');
    const whole = { ...part, values: null };
    expect(partValue(whole, visitor({ cookie: 'ab_home=c' }))).toBe(sha256('ab_home=c'));
    expect(partValue(whole, visitor({ cookie: 'ab_home=c; ab_cart=c' }))).toBeUndefined();
    expect(partValue(whole, visitor({ cookie: 'ab_home=' }))).toBeUndefined();
  });

  it('is the country or the class of device, other where unknown', () => {
    expect(partValue({ kind: 'country', values: null }, visitor())).toBe('DE');
    expect(partValue({ kind: 'country', values: ['AT'] }, visitor())).toBe('other');
    expect(partValue({ kind: 'country', values: null }, visitor({}, { country: () => null }))).toBe('other');
    expect(partValue({ kind: 'device' }, visitor())).toBe('mobile');
    expect(partValue({ kind: 'device' }, visitor({}, { device: () => null }))).toBe('other');
  });

  it('stands behind the claims, and never alone where the claim is missing', () => {
    const parts: ScopePart[] = [{ kind: 'device' }, { kind: 'country', values: null }];
    const combined = scope([APP], { parts, partScopes: [['user']], name: 'local' });
    const credentialSource = { kind: 'cookie', name: 's' } as const;
    const base = {
      provider: 'app',
      algorithm: 'HS256',
      keyId: null,
      expiresAtSeconds: 0,
      credentialSource,
    } as const;
    expect(partitionOf({ ...base, claims: { sub: 'alice' } }, combined, visitor())).toMatchObject({
      values: ['alice', 'mobile', 'DE'],
      surrogateKeys: ['local:alice', expect.stringMatching(/^local:~/), 'user:alice'],
    });
    expect(partitionOf({ ...base, claims: {} }, combined, visitor())).toBeNull();
  });
});

describe('a scope without providers', () => {
  const identify = createIdentify(NO_STORES);
  const whole: ScopePart = { kind: 'cookie', name: 'sid', values: null };
  const plain = scope([], { name: 'plain', claims: [], partScopes: [], parts: [whole] });
  const ask = (headers: Record<string, string>, what = plain) => identify(new Headers(headers), what, NOW_MS);

  it('needs its whole values, and says that nothing was verified', async () => {
    expect(await ask({ cookie: 'sid=1' })).toEqual({ kind: 'unverified' });
    expect(await ask({})).toEqual({ kind: 'missing' });
    expect(await ask({ cookie: 'sid=' })).toEqual({ kind: 'missing' });
    expect(await ask({ cookie: 'sid=1; sid=2' })).toEqual({
      kind: 'invalid',
      code: 'ERR_CREDENTIAL_AMBIGUOUS',
    });
    const header: ScopePart = { kind: 'header', name: 'authorization', values: null };
    expect(await ask({ authorization: 'x' }, { ...plain, parts: [header] })).toEqual({ kind: 'unverified' });
    expect(await ask({}, { ...plain, parts: [header] })).toEqual({ kind: 'missing' });
    expect(await ask({}, { ...plain, parts: [{ kind: 'device' }] })).toEqual({ kind: 'unverified' });
    const pattern: ScopePart = { kind: 'cookiePattern', pattern: 'sid*', glob: ['sid', ''], values: null };
    expect(await ask({ cookie: 'sid-a=1' }, { ...plain, parts: [pattern] })).toEqual({ kind: 'unverified' });
    expect(await ask({ cookie: 'x=1' }, { ...plain, parts: [pattern] })).toEqual({ kind: 'missing' });
    expect(await ask({ cookie: 'sid-a=1; sid-b=1' }, { ...plain, parts: [pattern] })).toEqual({
      kind: 'invalid',
      code: 'ERR_CREDENTIAL_AMBIGUOUS',
    });
    const listed: ScopePart = { ...pattern, values: ['1'] };
    expect(await ask({}, { ...plain, parts: [listed] })).toEqual({ kind: 'unverified' });
  });

  it('has a partition of its own, that no provider shares', () => {
    expect(partitionOf(null, plain, visitor({ cookie: 'sid=1' }))).toMatchObject({
      provider: '',
      values: [sha256('1')],
      surrogateKeys: [`plain:${sha256('1')}`],
    });
  });

  it('is the only one that does without an identity', () => {
    expect(partitionOf(null, scope([APP], { claims: [], partScopes: [] }), visitor())).toBeNull();
  });
});
