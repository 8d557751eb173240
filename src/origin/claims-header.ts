import { formatClaimPath } from '../policy/claim-path.ts';
import type { Partition } from '../types/identity.ts';
import type { ClaimValue, Scope, ScopePart } from '../types/policy.ts';

/** Tells the origin whose request it is. Every inbound header of this name is removed. */
export const CLAIMS_HEADER = 'x-claimcache-claims';

/**
 * The scope's verified claims, and the values of its parts, as a JSON object in ASCII, such as `{"tenant.id":"acme","role":"member"}`.
 * They are part of the cache key, so an origin may render from them. A part that is called like a claim is `part:<name>`: it must not be taken for
 * what was verified.
 */
export function claimsHeader(partition: Partition, scope: Scope): string {
  const values = new Map<string, ClaimValue | undefined>();
  for (const [i, path] of scope.claims.entries()) values.set(formatClaimPath(path), partition.values[i]);
  for (const [i, part] of scope.parts.entries()) {
    let name = partName(part);
    while (values.has(name)) name = `part:${name}`;
    values.set(name, partition.values[scope.claims.length + i]);
  }
  return JSON.stringify(Object.fromEntries(values)).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `header:accept-language`, `cookie:ab`, `country`, `device`, `contains:groups:"editors"`. */
function partName(part: ScopePart): string {
  if (part.kind === 'contains') return `contains:${formatClaimPath(part.path)}:${JSON.stringify(part.value)}`;
  return 'name' in part ? `${part.kind}:${part.name}` : part.kind;
}
