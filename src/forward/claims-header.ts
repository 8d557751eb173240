import { formatClaimPath } from '../policy/claim-path.ts';
import type { Partition, Scope } from '../types.ts';

/** Tells the origin whose request it is. Every inbound header of this name is removed. */
export const CLAIMS_HEADER = 'x-claimcache-claims';

/**
 * The scope's verified claims as a JSON object in ASCII, such as `{"tenant.id":"acme","role":"member"}`.
 * They are part of the cache key, so an origin may render from them.
 */
export function claimsHeader(partition: Partition, scope: Scope): string {
  const entries = scope.claims.map((path, i) => [formatClaimPath(path), partition.values[i]] as const);
  return JSON.stringify(Object.fromEntries(entries)).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
