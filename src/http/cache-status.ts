import { serializeItem, Token } from 'structured-headers';
import type { CacheState } from '../types.ts';

export interface CacheStatusFacts {
  readonly state: CacheState;
  readonly ttlSeconds: number;
  readonly stored: boolean;
  /** A short word of ours; never a key. */
  readonly detail: string;
}

/** This cache's member of `Cache-Status` (RFC 9211). */
export function cacheStatus({ state, ttlSeconds, stored, detail }: CacheStatusFacts): string {
  const parameters = new Map<string, Token | number | boolean>();
  if (state === 'HIT') parameters.set('hit', true).set('ttl', ttlSeconds);
  else if (state === 'STALE') parameters.set('hit', true).set('detail', new Token(detail));
  else {
    parameters.set(
      'fwd',
      new Token(state === 'BYPASS' ? 'bypass' : detail === 'revalidated' ? 'stale' : 'uri-miss'),
    );
    if (stored) parameters.set('stored', true).set('ttl', ttlSeconds);
    else parameters.set('detail', new Token(detail));
  }
  return serializeItem([new Token('claimcache'), parameters]);
}
