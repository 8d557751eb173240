import type { CoreCachePort } from '../platform/core-cache-port.ts';

/** Longest time that a response may be on its way: afterwards its sentinel is gone, and it is not stored. */
const SENTINEL_TTL_MS = 120_000;

/** Tells, when a response has arrived, whether a purge went by while it was on its way. */
export interface Sentinel {
  /** false: one of the keys was purged since the request left. */
  isIntact(): boolean;
}

/**
 * Plants an entry tagged with the surrogate keys that the response will carry. A purge of any of them takes the
 * entry away, so a response that was rendered before the purge and arrives after it is recognised.
 *
 * What remains: in production, a purge that has not yet reached this point of presence; and keys that only the origin knows
 * (its own `Surrogate-Key`), which cannot be covered before it has answered. The moment of the insertion: publish.ts.
 */
export function plantSentinel(
  cache: CoreCachePort,
  cacheKey: string,
  surrogateKeys: readonly string[],
): Sentinel {
  const key = `claimcache-sentinel:${crypto.randomUUID()}:${cacheKey.length}`;
  cache
    .insert(key, null, {
      maxAgeMs: SENTINEL_TTL_MS,
      initialAgeMs: 0,
      staleWhileRevalidateMs: 0,
      surrogateKeys,
      vary: [],
      metadata: 's',
      lengthBytes: 0,
    })
    .close();
  return {
    isIntact() {
      const entry = cache.lookup(key);
      // A soft purge leaves the sentinel in place, but stale.
      const stands = entry?.found === true && entry.usable && !entry.stale;
      entry?.close();
      return stands;
    },
  };
}
