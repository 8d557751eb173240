import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CacheKeyParts, cacheKey, platformKey } from '../../../src/keys/cache-key.ts';
import { fingerprint } from '../../../src/keys/fingerprint.ts';
import type { Partition } from '../../../src/keys/partition.ts';
import { canonicalQuery } from '../../../src/keys/query.ts';
import { allKeys, surrogateKey, urlKey } from '../../../src/keys/surrogate-key.ts';
import type { ClaimValue } from '../../../src/policy/claims/claim-path.ts';

const ALL = { kind: 'all' } as const;
const NO_IGNORE = { names: new Set<string>(), globs: [] };

function partition(values: readonly ClaimValue[], more: Partial<Partition> = {}): Partition {
  return { scope: 'user', provider: 'app', issuer: null, values, shared: false, surrogateKeys: [], ...more };
}

function key(parts: Partial<CacheKeyParts> = {}): string {
  return cacheKey({
    keyVersion: '',
    scheme: 'https',
    host: 'a.example',
    target: '/x',
    partition: null,
    varyValues: [],
    bodyDigest: null,
    ...parts,
  });
}

const asTaken = async (parts: Partial<CacheKeyParts>) => platformKey(key(parts));

describe('cache keys', () => {
  const value = fc.oneof(fc.string(), fc.maxSafeInteger(), fc.boolean());
  const tuple = fc.record({
    provider: fc.string(),
    scope: fc.string(),
    values: fc.array(value, { minLength: 1, maxLength: 4 }),
  });

  it('two identities with unequal tuples, types, scopes or providers never share one', () => {
    fc.assert(
      fc.property(tuple, tuple, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        const keyOf = (t: typeof a) =>
          key({ partition: partition(t.values, { scope: t.scope, provider: t.provider }) });
        expect(keyOf(a) === keyOf(b)).toBe(same);
      }),
      { numRuns: 1000 },
    );
  });

  it('42 and "42" are apart', () => {
    expect(key({ partition: partition([42]) })).not.toBe(key({ partition: partition(['42']) }));
  });

  it('what was asked over TLS is apart from what was not', () => {
    expect(key({ scheme: 'http' })).not.toBe(key({ scheme: 'https' }));
  });

  it('a scoped entry is never a public one', () => {
    expect(key({ partition: partition(['42']) })).not.toBe(key());
  });

  it("stay within the platform's limit, and apart, however long their parts are", async () => {
    const long = (char: string) => asTaken({ target: `/${char.repeat(9000)}` });
    expect((await long('a')).length).toBeLessThan(8135);
    expect(await long('a')).not.toBe(await long('b'));
  });

  it("stay within the platform's 4,096 bytes, whatever takes more than one", async () => {
    const bytes = (text: string) => new TextEncoder().encode(text).length;
    for (const [char, count] of [
      ['\u00ff', 1500],
      ['\u00ff', 2500],
      ['\u20ac', 1300],
      ['\u{1f600}', 1000],
      ['"', 2100],
    ] as const) {
      const text = char.repeat(count);
      const vary = await asTaken({ varyValues: [text] });
      const claims = await asTaken({
        partition: partition([text.slice(0, 1024), text.slice(0, 1023), text.slice(0, 1022)]),
      });
      for (const one of [vary, claims]) expect(bytes(one)).toBeLessThanOrEqual(4096);
      expect(await asTaken({ varyValues: [`${text}x`] })).not.toBe(vary);
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 1500 }), { maxLength: 5 }),
        async (varyValues) => {
          expect(bytes(await asTaken({ varyValues }))).toBeLessThanOrEqual(4096);
        },
      ),
    );
  });
});

describe('surrogate keys follow the documented rule', () => {
  it.each<[string, readonly ClaimValue[], string]>([
    ['a plain value', ['42'], 'user:42'],
    ['a number', [42], 'user:42'],
    ['a boolean', [true], 'user:true'],
  ])('%s', (_name, values, expected) => {
    expect(surrogateKey('user', values)).toBe(expected);
  });

  it('what is not plain is hashed: a space, a leading ~, 65 characters, nothing', () => {
    for (const odd of ['a b', '~42', 'x'.repeat(65), 'é']) {
      expect(surrogateKey('user', [odd])).toMatch(/^user:~[A-Za-z0-9_-]{43}$/);
    }
  });

  it('the hash is the base64url SHA-256 of the JSON value, of the array for several', async () => {
    const hash = async (json: string) =>
      Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(json))).toString('base64url');
    expect(surrogateKey('user', ['a b'])).toBe(`user:~${await hash('"a b"')}`);
    expect(surrogateKey('team', ['acme', 'member'])).toBe(`team:~${await hash('["acme","member"]')}`);
  });

  it('no value can fake the hashed form of another, and none holds white space', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const [left, right] = [surrogateKey('s', [a]), surrogateKey('s', [b])];
        expect(left === right).toBe(a === b);
        expect(left).toMatch(/^s:[\u0021-\u007e]+$/);
      }),
    );
  });

  it('a URL that cannot stand in a key is hashed', () => {
    expect(urlKey('a.example', '/x')).toBe('url:a.example/x');
    expect(urlKey('a.example', `/${'x'.repeat(600)}`)).toMatch(/^url:~/);
  });
});

it('all keys of a response fit into its field, ours first', () => {
  const theirs = Array.from({ length: 5000 }, (_, i) => `k${i}`);
  const keys = allKeys(['user:42', 'k1'], theirs);
  expect(keys.slice(0, 3)).toEqual(['user:42', 'k1', 'k0']);
  expect(keys.join(' ').length).toBeLessThan(16_384);
  expect(keys.join(' ').length).toBeGreaterThan(16_300);
});

describe('the canonical query', () => {
  it.each([
    ['b=2&a=1', 'a=1&b=2'],
    ['a=2&b=0&a=1', 'a=2&a=1&b=0'],
    ['a=1;b=2', 'a=1;b=2'],
    ['&&a=1&', 'a=1'],
    ['utm_source=x&a=1', 'a=1'],
    ['utm%5Fsource=x&gcl%69d=2&a=1', 'a=1'],
    ['%zz=1&a=1', '%zz=1&a=1'],
  ])('%s becomes %s', (query, expected) => {
    expect(canonicalQuery(query, ALL, { names: new Set(['gclid']), globs: [['utm_', '']] })).toBe(expected);
  });

  it('only named parameters count where the route says so', () => {
    expect(canonicalQuery('a=1&b=2', { kind: 'only', names: new Set(['b']), globs: [] }, NO_IGNORE)).toBe(
      'b=2',
    );
    expect(canonicalQuery('a=1', { kind: 'none' }, NO_IGNORE)).toBe('');
  });

  it('as it came where the route says so, whatever it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z=&;%+_7e]{0,20}$/), (query) => {
        expect(
          canonicalQuery(query, { kind: 'verbatim' }, { names: new Set(['a']), globs: [['', '']] }),
        ).toBe(query);
      }),
    );
  });

  it('a pattern means names however they are encoded, and nothing else', () => {
    const rule = { kind: 'only', names: new Set(['q']), globs: [['filter', '']] } as const;
    const query = 'x=0&filter[b]=2&filter%5Ba%5D=1&%66ilter=3&Filter=4&xfilter=5&q=6';
    expect(canonicalQuery(query, rule, NO_IGNORE)).toBe('%66ilter=3&filter%5Ba%5D=1&filter[b]=2&q=6');
    const ignore = {
      names: new Set<string>(),
      globs: [
        ['', 'clid'],
        ['x_', '_y'],
      ],
    };
    expect(canonicalQuery('gclid=1&%66bclid=2&x_1_y=3&x_y=4&clids=5', ALL, ignore)).toBe('clids=5&x_y=4');
  });

  it('is the same for any order of differently named parameters, and idempotent', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1 }), (names) => {
        const query = (list: string[]) =>
          canonicalQuery(list.map((name) => `${name}=1`).join('&'), ALL, NO_IGNORE);
        expect(query(names)).toBe(query([...names].reverse()));
        expect(canonicalQuery(query(names), ALL, NO_IGNORE)).toBe(query(names));
      }),
    );
  });
});

describe('the fingerprint of a partition', () => {
  it('differs by person, by provider and by key', async () => {
    const all = await Promise.all([
      fingerprint(partition(['42']), 'k'),
      fingerprint(partition(['43']), 'k'),
      fingerprint(partition(['42'], { provider: 'other' }), 'k'),
      fingerprint(partition(['42']), 'l'),
    ]);
    expect(new Set(all).size).toBe(all.length);
  });
});
