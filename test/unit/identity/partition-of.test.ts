import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCookies } from '../../../src/http/cookies.ts';
import type { FilledScopes, Identity, Visitor } from '../../../src/identity/identity.ts';
import {
  isToBePrepared,
  knownPartition,
  ownKey,
  partitionOf,
  preparePartition,
} from '../../../src/identity/partition-of.ts';
import { cacheKey } from '../../../src/keys/cache-key.ts';
import { fingerprint } from '../../../src/keys/fingerprint.ts';
import type { Partition } from '../../../src/keys/partition.ts';
import { surrogateKey } from '../../../src/keys/surrogate-key.ts';
import { isKnown, textDigest } from '../../../src/keys/text-digest.ts';
import type { ClaimValue } from '../../../src/policy/claims/claim-path.ts';
import type { Scope } from '../../../src/policy/scopes/scope.ts';
import { pairFor, provider, scope } from './fixtures.ts';

const APP = provider(await pairFor('HS256'));

function identity(claims: Record<string, unknown>, name = 'app'): Identity {
  const credentialSource = { kind: 'cookie', name: 'session' } as const;
  return { provider: name, algorithm: 'HS256', keyId: null, claims, expiresAtSeconds: 0, credentialSource };
}

function visitorWith(fields: Record<string, string>): Visitor {
  const headers = new Headers(fields);
  return { headers, cookies: parseCookies(headers), country: () => null, device: () => null };
}

const fill = (claims: Record<string, unknown>, more: Partial<Scope> = {}) =>
  partitionOf(identity(claims), scope([APP], more));

const keyOf = (partition: NonNullable<ReturnType<typeof fill>>) =>
  cacheKey({
    keyVersion: '',
    scheme: 'https',
    host: 'h',
    target: '/',
    partition,
    varyValues: [],
    bodyDigest: null,
  });

describe('a partition', () => {
  it('holds the values of the scope’s claims, typed and in order', () => {
    const claims = { tenant: { id: 7 }, 'https://acme.example/role': 'admin', beta: false };
    const paths = [['tenant', 'id'], ['https://acme.example/role'], ['beta']];
    expect(fill(claims, { claims: paths, partScopes: [[], [], []] })).toEqual({
      scope: 'user',
      provider: 'app',
      issuer: null,
      values: [7, 'admin', false],
      shared: false,
      surrogateKeys: [surrogateKey('user', [7, 'admin', false])],
    });
  });

  it('is tagged with its own key and those of its parts', () => {
    const claims = { tenant: 'acme', role: 'x' };
    const paths = { name: 'team', claims: [['tenant'], ['role']], partScopes: [['tenant'], []] };
    expect(fill(claims, paths)?.surrogateKeys).toEqual([surrogateKey('team', ['acme', 'x']), 'tenant:acme']);
  });

  it('is tagged with the key of its claims alone, whatever its parts are', () => {
    const more = {
      name: 'local',
      parts: [
        { kind: 'cookie', name: 'sid', values: null },
        { kind: 'header', name: 'accept-language', values: ['de', 'en'] },
      ],
    } as const;
    const what = scope([APP], more);
    const who = identity({ sub: 'alice' });
    const at = (sid: string | null, language: string) =>
      visitorWith({ 'accept-language': language, ...(sid === null ? {} : { cookie: `sid=${sid}` }) });
    const [phone, desktop] = [
      partitionOf(who, what, at('phone', 'de')),
      partitionOf(who, what, at('desktop', 'en')),
    ];
    expect(keyOf(phone as never)).not.toBe(keyOf(desktop as never));
    for (const filled of [phone, desktop]) {
      expect(filled?.surrogateKeys).toEqual(['local:alice', surrogateKey('local', filled?.values ?? [])]);
      expect(ownKey(who, what, filled)).toBe('local:alice');
    }
    // The key of what they have needs no part: a purge comes from a device that has no such cookie, too.
    expect(partitionOf(who, what, at(null, 'de'))).toBeNull();
    expect(ownKey(who, what, null)).toBe('local:alice');
    expect(ownKey(identity({}), what, null)).toBeNull();
    const two = scope([APP], { ...more, claims: [['tenant'], ['sub']], partScopes: [['tenant'], []] });
    const member = identity({ sub: 'alice', tenant: 'acme' });
    expect(ownKey(member, two, null)).toBe(surrogateKey('local', ['acme', 'alice']));
    expect(partitionOf(member, two, at('x', 'de'))?.surrogateKeys).toEqual([
      surrogateKey('local', ['acme', 'alice']),
      expect.stringMatching(/^local:~/),
      'tenant:acme',
    ]);
  });

  it('of a scope without claims is purged by what its parts are', () => {
    const what = scope([APP], {
      name: 'keyed',
      claims: [],
      partScopes: [],
      parts: [{ kind: 'cookie', name: 'sid', values: ['a'] }],
    });
    const visitor = visitorWith({ cookie: 'sid=a' });
    const filled = partitionOf(identity({}), what, visitor);
    expect(filled?.surrogateKeys).toEqual(['keyed:a']);
    expect(ownKey(identity({}), what, filled)).toBe('keyed:a');
  });

  it('of two issuers under one provider is two: in the cache key, and in the word for whose page it is', async () => {
    const of = (iss: unknown) => fill({ sub: 'alice', ...(iss === undefined ? {} : { iss }) }) as Partition;
    const all = [of('https://one.example'), of('https://two.example'), of(undefined), of(7)];
    expect(new Set(all.map(keyOf)).size).toBe(4);
    const fingerprints = await Promise.all(all.map((one) => fingerprint(one, 'a secret of sixteen')));
    expect(new Set(fingerprints).size).toBe(4);
    // A purge may match too much.
    expect(new Set(all.flatMap(({ surrogateKeys }) => surrogateKeys))).toEqual(new Set(['user:alice']));
  });

  it('reads an index of an array, and no other member of it', () => {
    const claims = { groups: ['a', 'b'] };
    expect(fill(claims, { claims: [['groups', '1']] })?.values).toEqual(['b']);
    for (const part of ['2', '-1', '01', 'length', 'at', '1e0', ''])
      expect(fill(claims, { claims: [['groups', part]] })).toBeNull();
  });

  it('never finds what an object inherits', () => {
    const paths = [['constructor'], ['__proto__'], ['toString', 'name'], ['sub', 'length'], ['sub', '0']];
    for (const path of paths) expect(fill({ sub: 'alice' }, { claims: [path] })).toBeNull();
    expect(fill(JSON.parse('{"__proto__":{"sub":"mallory"}}'))).toBeNull();
    expect(fill(JSON.parse('{"__proto__":"x"}'), { claims: [['__proto__']] })?.values).toEqual(['x']);
  });

  it('takes strings, safe integers and booleans, nothing else', () => {
    for (const sub of ['a', 'é'.repeat(512), ' ', 0, -1, Number.MAX_SAFE_INTEGER, true, false]) {
      expect(fill({ sub })?.values).toEqual([sub]);
    }
    const refused = [
      '',
      null,
      undefined,
      1.5,
      2 ** 53,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      ['a'],
      [],
      {},
      'x'.repeat(1025),
      'é'.repeat(513),
      '\ud800',
      'a\udc00b',
    ];
    for (const sub of refused) expect(fill({ sub })).toBeNull();
    expect(Object.is(fill({ sub: -0 })?.values[0], 0)).toBe(true);
  });

  it('has all its digests made by the host in its preparation', async () => {
    const parts: Scope['parts'] = [
      { kind: 'cookie', name: 'sid', values: null },
      { kind: 'header', name: 'x-device', values: null },
    ];
    const [sid, device] = ['s'.repeat(4000), 'phone'];
    const visitor = visitorWith({ cookie: `sid=${sid}`, 'x-device': device });
    const what = scope([APP], { claims: [['tenant'], ['sub']], partScopes: [['tenant'], []], parts });
    const who = identity({ sub: 'alice', tenant: 'a c m e' });
    expect(isToBePrepared(who, what)).toBe(true);
    await preparePartition(who, what, visitor);
    expect([sid, device, '"a c m e"', '["a c m e","alice"]'].map(isKnown)).toEqual([true, true, true, true]);
    const values = ['a c m e', 'alice', textDigest(sid), textDigest(device)];
    expect(isKnown(JSON.stringify(values))).toBe(true);
    expect(partitionOf(who, what, visitor)).toMatchObject({
      values,
      surrogateKeys: [
        surrogateKey('user', ['a c m e', 'alice']),
        surrogateKey('user', values),
        surrogateKey('tenant', ['a c m e']),
      ],
    });
  });

  it('that is known, or has no digest, needs none', () => {
    const who = identity({ sub: 'alice' });
    const what = scope([APP]);
    expect(isToBePrepared(who, what)).toBe(false);
    const filled: FilledScopes = new Map();
    expect(knownPartition(what, filled)).toBeNull();
    const made = partitionOf(who, what, null, filled);
    expect(knownPartition(what, filled)).toBe(made);
    const parts: Scope['parts'] = [{ kind: 'device' }];
    expect(knownPartition(scope([APP], { parts }), filled)).toBeNull();
  });

  it('is made once for each identity and scope', () => {
    const who = identity({ sub: 'alice' });
    const what = scope([APP]);
    const filled: FilledScopes = new Map();
    const first = partitionOf(who, what, null, filled);
    expect(partitionOf(who, what, null, filled)).toBe(first);
    expect(partitionOf(who, scope([APP], { name: 'other' }), null, filled)?.scope).toBe('other');
    expect(partitionOf(who, what, null, filled)).toBe(first);
    expect(partitionOf(identity({ sub: 'alice' }), what)).toEqual(first);
  });

  it('of a scope with parts is remembered by the values of the parts, the latest few of them', () => {
    const what = scope([APP], {
      parts: [{ kind: 'header', name: 'x-device', values: null }],
    });
    const who = identity({ sub: 'alice' });
    const filled: FilledScopes = new Map();
    const visitor = (device: string) => visitorWith({ 'x-device': device });
    const ask = (device: string) => partitionOf(who, what, visitor(device), filled);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (devices) => {
        for (const device of devices) {
          const remembered = ask(`d${device}`);
          expect(remembered).toEqual(partitionOf(who, what, visitor(`d${device}`)));
          expect(ask(`d${device}`)).toBe(remembered);
          expect(filled.get(what)?.length).toBeLessThanOrEqual(8);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('of a scope without claims is shared by all who get there, by provider', () => {
    const members = { name: 'member', claims: [], partScopes: [], shared: true };
    expect(fill({ sub: 'alice' }, members)).toEqual(fill({ sub: 'bob' }, members));
    const partner = partitionOf(identity({ sub: 'alice' }, 'partner'), scope([APP], members));
    expect(keyOf(partner as never)).not.toBe(keyOf(fill({}, members) as never));
  });
});

describe('for every identity', () => {
  const value = fc.oneof(
    fc.string({ minLength: 1, maxLength: 20 }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constantFrom('1', 1, 'true', true, '["a"]', 'a","b', '0', 0, '~', 'null'),
  );
  const who = fc.record({
    provider: fc.constantFrom('app', 'partner', '["app"'),
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  });
  const partition = ({ provider: name, values }: { provider: string; values: ClaimValue[] }) => {
    const claims = Object.fromEntries(values.map((one, i) => [`c${i}`, one]));
    const paths = values.map((_, i) => [`c${i}`]);
    return partitionOf(
      identity(claims, name),
      scope([APP], { claims: paths, partScopes: paths.map(() => []) }),
    );
  };

  it('unequal values, types, numbers of values or providers give unequal cache keys', () => {
    fc.assert(
      fc.property(who, who, (a, b) => {
        const [one, two] = [partition(a), partition(b)];
        fc.pre(one !== null && two !== null);
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(keyOf(one as never) === keyOf(two as never)).toBe(same);
      }),
    );
  });

  it('the surrogate key follows the documented rule and can stand in a header', () => {
    fc.assert(
      fc.property(who, (a) => {
        const keys = partition(a)?.surrogateKeys ?? [];
        expect(keys).toEqual(keys.length === 0 ? [] : [surrogateKey('user', a.values)]);
        for (const key of keys) expect(key).toMatch(/^user:[A-Za-z0-9._~-]{1,64}$/);
      }),
    );
  });
});
