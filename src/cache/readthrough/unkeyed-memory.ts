import { BoundedMap } from '../../keys/bounded-map.ts';
import type { FreshnessDecision } from '../freshness/freshness-decision.ts';

const MAX_KEPT = 200;
/** As long as the platform's marker stands after a response that could not be stored. */
const KEPT_MS = 10_000;

/**
 * What the `Vary` of a response named that the origin could not see, where the response was not stored: no object tells the next
 * request, and the platform's marker holds nothing. Without it a client that sends such a field is asked for twice each time.
 */
export function createUnkeyedMemory(nowMs: () => number) {
  const kept = new BoundedMap<string, { readonly fields: readonly string[]; readonly untilMs: number }>(
    MAX_KEPT,
  );
  return {
    get(cacheKey: string): readonly string[] | undefined {
      const entry = kept.get(cacheKey);
      return entry !== undefined && nowMs() < entry.untilMs ? entry.fields : undefined;
    },
    set(cacheKey: string, { unkeyedVary }: Pick<FreshnessDecision, 'unkeyedVary'>): void {
      if (unkeyedVary.length > 0) kept.set(cacheKey, { fields: unkeyedVary, untilMs: nowMs() + KEPT_MS });
    },
  };
}
