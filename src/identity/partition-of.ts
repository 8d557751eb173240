import type { Partition } from '../keys/partition.ts';
import { surrogateKey, unknownHash } from '../keys/surrogate-key.ts';
import { prepareDigest } from '../keys/text-digest.ts';
import type { ClaimPath, ClaimValue, ScopeValue } from '../policy/claims/claim-path.ts';
import { claimValue, walkClaims } from '../policy/claims/claim-value.ts';
import { own } from '../policy/claims/own.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import type { FilledScopes, Identity, Visitor } from './identity.ts';
import { digestedValue, scopePartValue } from './scope-part.ts';

/** Of one scope: a client chooses among the parts. */
const MAX_FILLED = 8;

/**
 * A scope filled with an identity's values: what partitions the cache, and what a purge may name.
 *
 * @param identity - null only for a scope without providers.
 * @param visitor - Needed by a scope with `parts`.
 * @param filled - What was made of this identity before.
 * @returns null where a value of the scope is missing or cannot be used: ERR_SCOPE_CLAIM.
 */
export function partitionOf(
  identity: Identity | null,
  scope: Scope,
  visitor: Visitor | null = null,
  filled: FilledScopes | null = null,
): Partition | null {
  // A scope with providers is for verified callers alone, even where no claim of theirs is part of it.
  if (identity === null && scope.providers.length > 0) return null;
  const known = filled?.get(scope) ?? NONE;
  // Parts depend on the request, claims on the identity alone.
  const parts = scope.parts.length === 0 ? [] : partValues(scope, identity, visitor);
  if (parts === null) return null;
  const same = known.find(({ values }) => endsWith(values, parts));
  if (same !== undefined) return same;
  const partition = fill(identity, scope, parts);
  if (partition !== null) filled?.set(scope, [partition, ...known.slice(0, MAX_FILLED - 1)]);
  return partition;
}

/** What {@link partitionOf} made of this identity before, where that can be told at once: of a scope without parts. */
export function knownPartition(scope: Scope, filled: FilledScopes | null): Partition | null {
  return scope.parts.length === 0 ? (filled?.get(scope)?.[0] ?? null) : null;
}

/** Whether {@link partitionOf} would have to make a digest in JavaScript, where a long one costs what many requests do. */
export function isToBePrepared(identity: Identity | null, scope: Scope): boolean {
  if (scope.parts.length > 0) return true;
  const claims = claimValues(identity, scope);
  return claims !== null && unknownHash(claims) !== null;
}

/** Has the host make those digests: values of parts, and the hashes in surrogate keys. */
export async function preparePartition(
  identity: Identity | null,
  scope: Scope,
  visitor: Visitor,
): Promise<void> {
  const { parts, partScopes } = scope;
  for (let i = 0; i < parts.length; i++) {
    const text = digestedValue(parts[i] as Scope['parts'][number], visitor);
    if (text !== null) await prepareDigest(text);
  }
  const claims = claimValues(identity, scope);
  const values = claims && partValues(scope, identity, visitor);
  if (claims === null || values === null) return;
  const hashed: (readonly ScopeValue[])[] = [claims];
  if (values.length > 0) hashed.push([...claims, ...values]);
  claims.forEach((claim, i) => {
    if ((partScopes[i] ?? []).length > 0) hashed.push([claim]);
  });
  for (let i = 0; i < hashed.length; i++) {
    const text = unknownHash(hashed[i] as readonly ScopeValue[]);
    if (text !== null) await prepareDigest(text);
  }
}

const NONE: readonly Partition[] = [];

function partValues(
  { parts }: Scope,
  identity: Identity | null,
  visitor: Visitor | null,
): readonly ScopeValue[] | null {
  const values: ScopeValue[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Scope['parts'][number];
    const value = visitor === null ? null : scopePartValue(part, identity, visitor);
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

function endsWith(values: readonly ScopeValue[], parts: readonly ScopeValue[]): boolean {
  if (parts.length === 0) return true;
  const before = values.length - parts.length;
  return parts.every((part, i) => {
    const value = values[before + i];
    return value === part || (typeof part === 'object' && JSON.stringify(value) === JSON.stringify(part));
  });
}

function fill(identity: Identity | null, scope: Scope, parts: readonly ScopeValue[]): Partition | null {
  const claims = claimValues(identity, scope);
  if (claims === null) return null;
  const partKeys = claims.flatMap((value, index) =>
    (scope.partScopes[index] ?? []).map((name) => surrogateKey(name, [value])),
  );
  const values = [...claims, ...parts];
  return {
    scope: scope.name,
    provider: identity?.provider ?? '',
    issuer: claimValue(identity === null ? null : own(identity.claims, 'iss')),
    values,
    shared: scope.shared,
    surrogateKeys: [...new Set([...ownKeys(scope, claims), surrogateKey(scope.name, values), ...partKeys])],
  };
}

/**
 * The surrogate key of everything that a person has in a scope, whatever its parts were: by the claims alone, so that it takes neither the parts nor a
 * request that has them.
 *
 * @param partition - What the person has at this request. It counts where the scope has no claims.
 * @returns null where a claim cannot be used.
 */
export function ownKey(identity: Identity, scope: Scope, partition: Partition | null): string | null {
  const claims = claimValues(identity, scope);
  if (claims === null) return null;
  return (
    ownKeys(scope, claims)[0] ?? (partition === null ? null : surrogateKey(scope.name, partition.values))
  );
}

/** None where the scope has no claims: its parts are all that it has. */
function ownKeys({ name, claims }: Scope, values: readonly ClaimValue[]): string[] {
  return claims.length === 0 ? [] : [surrogateKey(name, values)];
}

function claimValues(identity: Identity | null, { claims }: Scope): readonly ClaimValue[] | null {
  const values: ClaimValue[] = [];
  for (let i = 0; i < claims.length; i++) {
    const value = claimValue(walkClaims(identity?.claims ?? {}, claims[i] as ClaimPath));
    if (value === null) return null;
    values.push(value);
  }
  return values;
}
