import type { Partition } from '../keys/partition.ts';
import type { ClaimPath, ScopeValue } from '../policy/claims/claim-path.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import type { ScopePart } from '../policy/scopes/scope-parts.ts';

/** Tells the origin whose request it is. Every inbound header of this name is removed. */
export const CLAIMS_HEADER = 'x-claimcache-claims';

/**
 * The scope's verified claims, and the values of its parts, as a JSON object in ASCII, such as `{"tenant.id":"acme","role":"member"}`:
 * under a claim's own name, without escapes.
 * They are part of the cache key, so an origin may render from them. A part that is called like a claim is `part:<name>`: it must not be taken for
 * what was verified.
 */
export function claimsHeader(partition: Partition, scope: Scope): string {
  const values = new Map<string, ScopeValue | undefined>();
  scope.claims.forEach((path, i) => {
    values.set(nameOf(path), partition.values[i]);
  });
  scope.parts.forEach((part, i) => {
    let name = partName(part);
    while (values.has(name)) name = `part:${name}`;
    values.set(name, partition.values[scope.claims.length + i]);
  });
  return JSON.stringify(Object.fromEntries(values)).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `header:accept-language`, `cookie:ab`, `country`, `device`, `contains:groups:"editors"`, `set:roles`. */
function partName(part: ScopePart): string {
  if (part.kind === 'contains') return `contains:${nameOf(part.path)}:${JSON.stringify(part.value)}`;
  if (part.kind === 'set') return `set:${nameOf(part.path)}`;
  return 'name' in part ? `${part.kind}:${part.name}` : part.kind;
}

/** No two claims of one scope have the same: the policy's checks see to that. */
function nameOf(path: ClaimPath): string {
  return path.join('.');
}
