import type { CacheDecision, PassDecision } from '../types/decision.ts';

/** What a decision for the cache becomes where the platform has none that could be used. */
export function withoutEngine({ lane, reason, route, partition }: CacheDecision): PassDecision {
  return {
    lane: 'pass',
    reason: 'no-engine',
    route,
    authenticated: lane === 'scoped',
    noStore: true,
    partition,
    anonymous: reason === 'scope-fallback-public',
    purgeAfterWrite: [],
    observed: null,
  };
}
