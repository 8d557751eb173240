import { BoundedMemory } from '../keys/bounded-memory.ts';
import type { ClientLimiter, RateRule } from '../types.ts';

const MAX_CLIENTS = 1000;

interface Count {
  readonly fromMs: number;
  readonly count: number;
  readonly blockedUntilMs: number;
}

/**
 * Counts in this sandbox alone, in a bounded memory: the least that holds where the platform's limiter is not to be had,
 * as on the local server. Several sandboxes each count for themselves, so it is a floor and no limit.
 */
export function createFloorLimiter(
  { count: allowed, windowSeconds, blockMinutes }: RateRule,
  nowMs: () => number,
): ClientLimiter {
  const counts = new BoundedMemory<string, Count>(MAX_CLIENTS);
  return {
    isBlocked: (client) => nowMs() < (counts.get(client)?.blockedUntilMs ?? 0),
    count(client) {
      const now = nowMs();
      const known = counts.get(client);
      const goesOn = known !== undefined && now - known.fromMs < windowSeconds * 1000;
      const count = goesOn ? known.count + 1 : 1;
      const isTooMany = count > allowed;
      counts.set(client, {
        fromMs: goesOn ? known.fromMs : now,
        count,
        blockedUntilMs: isTooMany ? now + blockMinutes * 60_000 : (known?.blockedUntilMs ?? 0),
      });
      return isTooMany;
    },
  };
}

/** Blocked by one is blocked; each counts, whatever the other says. */
export function bothLimiters(a: ClientLimiter, b: ClientLimiter): ClientLimiter {
  return {
    isBlocked: (client) => a.isBlocked(client) || b.isBlocked(client),
    count(client) {
      const isTooMany = [a.count(client), b.count(client)];
      return isTooMany.includes(true);
    },
  };
}
