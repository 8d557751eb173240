import type { CacheDecision, PassDecision } from '../types/decision.ts';

/**
 * What a decision for the cache becomes where it must not be answered from there.
 *
 * @param why - The platform has no cache that could be used; or what is stored varies on a field that this client sends and the edge
 *   withheld. Of the second, a public answer keeps what its origin says of caching.
 */
export function withoutEngine(
  { lane, reason, route, partition }: CacheDecision,
  why: 'no-engine' | 'vary-unkeyed' = 'no-engine',
): PassDecision {
  return {
    lane: 'pass',
    reason: why,
    route,
    authenticated: lane === 'scoped',
    noStore: why === 'no-engine' || lane === 'scoped',
    partition,
    anonymous: reason === 'scope-fallback-public',
    purgeAfterWrite: [],
    observed: null,
  };
}
