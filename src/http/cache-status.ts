export type CacheState = 'HIT' | 'MISS' | 'STALE' | 'BYPASS' | 'ERROR';

export interface CacheStatusFacts {
  readonly state: CacheState;
  readonly ttlSeconds: number;
  readonly stored: boolean;
  /** A short word of ours; never a key. */
  readonly detail: string;
}

/**
 * This cache's member of `Cache-Status` (RFC 9211). All words in it are ours and tokens, all numbers whole, so that it can be put
 * together as it stands.
 */
export function cacheStatus({ state, ttlSeconds: ttl, stored, detail }: CacheStatusFacts): string {
  const ttlSeconds = Math.floor(ttl);
  if (state === 'HIT') return `claimcache;hit;ttl=${ttlSeconds}`;
  if (state === 'STALE') return `claimcache;hit;detail=${detail}`;
  const forwarded = state === 'BYPASS' ? 'bypass' : detail === 'revalidated' ? 'stale' : 'uri-miss';
  return stored
    ? `claimcache;fwd=${forwarded};stored;ttl=${ttlSeconds}`
    : `claimcache;fwd=${forwarded};detail=${detail}`;
}
