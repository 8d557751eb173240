import { surrogateKey } from '../keys/surrogate-key.ts';
import type { ClaimValue, Identity, Partition, Scope } from '../types.ts';
import { claimValue, walkClaims } from './claim-value.ts';

const memory = new WeakMap<Identity, Map<Scope, Partition | null>>();

/**
 * A scope filled with an identity's values: what partitions the cache, and what a purge may name. Computed once for
 * each identity and scope.
 *
 * @returns null where a claim of the scope is missing or cannot be used: ERR_SCOPE_CLAIM.
 */
export function partitionOf(identity: Identity, scope: Scope): Partition | null {
  const known = memory.get(identity) ?? new Map<Scope, Partition | null>();
  memory.set(identity, known);
  let partition = known.get(scope);
  if (partition === undefined) {
    partition = fill(identity, scope);
    known.set(scope, partition);
  }
  return partition;
}

function fill(identity: Identity, scope: Scope): Partition | null {
  const values: ClaimValue[] = [];
  const partKeys: string[] = [];
  for (const [index, path] of scope.claims.entries()) {
    const value = claimValue(walkClaims(identity.claims, path));
    if (value === null) return null;
    values.push(value);
    const partScope = scope.partScopes[index] ?? null;
    if (partScope !== null) partKeys.push(surrogateKey(partScope, [value]));
  }
  return {
    scope: scope.name,
    provider: identity.provider,
    values,
    shared: scope.shared,
    surrogateKeys: [...new Set([surrogateKey(scope.name, values), ...partKeys])],
  };
}
