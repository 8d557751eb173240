import { formatClaimPath } from '../policy/claim-path.ts';
import type { Partition } from '../types/identity.ts';
import type { Scope, ScopePart } from '../types/policy.ts';

/** Tells the origin whose request it is. Every inbound header of this name is removed. */
export const CLAIMS_HEADER = 'x-claimcache-claims';

/**
 * The scope's verified claims, and the values of its parts, as a JSON object in ASCII, such as `{"tenant.id":"acme","role":"member"}`.
 * They are part of the cache key, so an origin may render from them.
 */
export function claimsHeader(partition: Partition, scope: Scope): string {
  const names = [...scope.claims.map(formatClaimPath), ...scope.parts.map(partName)];
  const entries = names.map((name, i) => [name, partition.values[i]] as const);
  return JSON.stringify(Object.fromEntries(entries)).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `header:accept-language`, `cookie:ab`, `country`, `device`, `contains:groups:"editors"`. */
function partName(part: ScopePart): string {
  if (part.kind === 'contains') return `contains:${formatClaimPath(part.path)}:${JSON.stringify(part.value)}`;
  return 'name' in part ? `${part.kind}:${part.name}` : part.kind;
}
