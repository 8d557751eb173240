import { surrogateKey } from '../keys/surrogate-key.ts';
import type { Identity, Partition, Visitor } from '../types/identity.ts';
import type { ClaimValue, Scope } from '../types/policy.ts';
import { claimValue, walkClaims } from './claim-value.ts';
import { scopePartValue } from './scope-part.ts';

const memory = new WeakMap<Identity, Map<Scope, Partition | null>>();

/**
 * A scope filled with an identity's values: what partitions the cache, and what a purge may name.
 *
 * @param identity - null only for a scope without providers.
 * @param visitor - Needed by a scope with `parts`.
 * @returns null where a value of the scope is missing or cannot be used: ERR_SCOPE_CLAIM.
 */
export function partitionOf(
  identity: Identity | null,
  scope: Scope,
  visitor: Visitor | null = null,
): Partition | null {
  // Parts depend on the request, claims on the identity alone.
  if (identity === null || scope.parts.length > 0) return fill(identity, scope, visitor);
  const known = memory.get(identity) ?? new Map<Scope, Partition | null>();
  memory.set(identity, known);
  let partition = known.get(scope);
  if (partition === undefined) {
    partition = fill(identity, scope, visitor);
    known.set(scope, partition);
  }
  return partition;
}

function fill(identity: Identity | null, scope: Scope, visitor: Visitor | null): Partition | null {
  // A scope with providers is for verified callers alone, even where no claim of theirs is part of it.
  if (identity === null && scope.providers.length > 0) return null;
  const values: ClaimValue[] = [];
  const partKeys: string[] = [];
  for (const [index, path] of scope.claims.entries()) {
    const value = claimValue(walkClaims(identity?.claims ?? {}, path));
    if (value === null) return null;
    values.push(value);
    for (const name of scope.partScopes[index] ?? []) partKeys.push(surrogateKey(name, [value]));
  }
  for (const part of scope.parts) {
    const value = visitor === null ? null : scopePartValue(part, identity, visitor);
    if (value === null) return null;
    values.push(value);
  }
  return {
    scope: scope.name,
    provider: identity?.provider ?? '',
    values,
    shared: scope.shared,
    surrogateKeys: [...new Set([surrogateKey(scope.name, values), ...partKeys])],
  };
}
