import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimSet, hasTooMany } from '../../../src/identity/claim-set.ts';
import { forwardedClaims } from '../../../src/identity/forwarded-claims.ts';
import type { FilledScopes, Identity, Visitor } from '../../../src/identity/identity.ts';
import { partitionOf } from '../../../src/identity/partition-of.ts';
import { cacheKey } from '../../../src/keys/cache-key.ts';
import { namedValues } from '../../../src/keys/canonical-set.ts';
import { surrogateKey } from '../../../src/keys/surrogate-key.ts';
import { CLAIMS_HEADER, claimsHeader } from '../../../src/origin/claims-header.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';

const policy = compilePolicy({
  origins: { app: { backend: 'origin' } },
  providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
  scopes: {
    staff: {
      parts: [{ set: 'app.roles', only: ['viewer', 10, 'admin', 9, 'a,b %', 'admin'], atMost: 4 }],
      shared: true,
    },
  },
  routes: { staff: { path: '/staff', scope: 'staff', forwardClaims: { 'X-Roles': 'app.roles' } } },
});
const scope = policy.scopes.get('staff');
const [part] = scope?.parts ?? [];
if (scope === undefined || part?.kind !== 'set') throw new Error('no set');
const [route] = policy.routes;
if (route === undefined) throw new Error('no route');

const visitor: Visitor = {
  headers: new Headers(),
  cookies: new Map(),
  country: () => null,
  device: () => null,
};
function holder(roles: unknown): Identity {
  const credentialSource = { kind: 'cookie', name: 'session' } as const;
  return {
    provider: 'app',
    algorithm: 'HS256',
    keyId: null,
    claims: { app: { roles } },
    expiresAtSeconds: 0,
    credentialSource,
  };
}
const setOf = (roles: unknown) => claimSet(holder(roles), part);
const partition = (roles: unknown, filled: FilledScopes | null = null) =>
  partitionOf(holder(roles), scope, visitor, filled);

describe('a set of a claim', () => {
  it('has its members once each, in one order, whatever stands beside them', () => {
    const listed = [9, 10, 'a,b %', 'admin', 'viewer'];
    const other = fc
      .oneof(fc.string({ minLength: 1 }), fc.maxSafeInteger(), fc.boolean())
      .filter((value) => !listed.includes(value as never));
    fc.assert(
      fc.property(
        fc.subarray(listed, { maxLength: 4 }),
        fc.array(other, { maxLength: 5 }),
        fc.nat(),
        (held, others, seed) => {
          const members = [...held, ...others, ...held].sort(
            (a, b) => ((String(a).length * seed) % 7) - ((String(b).length * seed) % 5),
          );
          expect(setOf(members)).toEqual(listed.filter((one) => held.includes(one)));
        },
      ),
    );
    expect(setOf([])).toEqual([]);
    expect(setOf(['9', 'ADMIN', ' admin', true])).toEqual([]);
  });

  it.each([
    [undefined, false],
    ['admin', false],
    [{ 0: 'admin', length: 1 }, false],
    [['admin', null], false],
    [['admin', 1.5], false],
    [['admin', ['viewer']], false],
    [['\ud800'], false],
    [['viewer', 10, 'admin', 9, 'a,b %'], true],
    [Array.from({ length: 257 }, () => 'admin'), true],
  ])('is none of %j, and no partition is made of it', (roles, isTooMany) => {
    expect(setOf(roles)).toBeNull();
    expect(partition(roles)).toBeNull();
    expect(hasTooMany(holder(roles), scope)).toBe(isTooMany);
  });

  it('is remembered with the identity, and not taken for another one', () => {
    const filled: FilledScopes = new Map();
    const first = partition(['admin'], filled);
    expect(partition(['admin'], filled)).toBe(first);
    expect(partition(['viewer'], filled)?.values).toEqual([['viewer']]);
    expect(partition([], filled)?.values).toEqual([[]]);
  });

  it('has a key of its own in the cache, apart from values that read alike', () => {
    const keyOf = (values: readonly unknown[]) =>
      cacheKey({
        ...{ scheme: 'https', keyVersion: '', host: 'h', target: '/', varyValues: [], bodyDigest: null },
        partition: {
          scope: 'staff',
          provider: 'app',
          issuer: null,
          values: values as never,
          shared: true,
          surrogateKeys: [],
        },
      });
    const all = [
      [['admin']],
      ['admin'],
      [['admin', 'viewer']],
      ['admin', 'viewer'],
      ['["admin"]'],
      [[]],
      [''],
      [['admin,viewer']],
    ];
    expect(new Set(all.map(keyOf)).size).toBe(all.length);
  });

  it('has the surrogate key of its JSON, which never is a plain one', () => {
    // echo -n '["admin"]' | openssl dgst -sha256 -binary | basenc --base64url
    expect(surrogateKey('staff', [['admin']])).toBe('staff:~xl2i1QO4JVILzlM_c9itJVh7NU4_I7YG8uPfizfHoKg');
    expect(partition(['viewer', 'admin'])?.surrogateKeys).toEqual([
      surrogateKey('staff', [['admin', 'viewer']]),
    ]);
    expect(namedValues(scope, [['viewer', 'sales', 'admin']])).toEqual([['admin', 'viewer']]);
    for (const values of [['admin'], [['admin', 'viewer', 9, 10, 'a,b %']]])
      expect(namedValues(scope, values)).toBeNull();
    expect(namedValues({ claims: [['sub']], parts: [] }, [['42']])).toBeNull();
  });

  it('is what the origin gets, in the header of claims and in one of its own', () => {
    const roles = ['viewer', 'secret-role', 'a,b %', 9];
    const filled = partition(roles);
    expect(filled && claimsHeader(filled, scope)).toBe('{"set:app.roles":[9,"a,b %","viewer"]}');
    expect(forwardedClaims(holder(roles), route)).toEqual([['x-roles', '9,a%2Cb%20%25,viewer']]);
    expect(forwardedClaims(holder(['secret-role']), route)).toEqual([]);
    expect(CLAIMS_HEADER).toBe('x-claimcache-claims');
  });
});
