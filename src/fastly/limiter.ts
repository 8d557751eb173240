import { PenaltyBox, RateCounter } from 'fastly:edge-rate-limiter';
import type { ClientLimiter } from '../platform/platform.ts';
import type { RateRule } from '../policy/rate-limits.ts';

const NO_LIMIT: ClientLimiter = { isBlocked: () => false, count: () => false };

/**
 * Fastly's edge rate limiter under a rule's names. Where it cannot be had, nothing is limited.
 *
 * The rule is a count within a window, so counter and penalty box are used themselves: the `EdgeRateLimiter` that joins
 * them takes its limit in requests per second, whatever its window, and `count: 20` would let 1,200 a minute through.
 */
export function createLimiter({
  rateCounter,
  penaltyBox,
  count,
  windowSeconds,
  blockMinutes,
}: RateRule): ClientLimiter {
  let box: PenaltyBox;
  let counter: RateCounter;
  try {
    box = new PenaltyBox(penaltyBox);
    counter = new RateCounter(rateCounter);
  } catch {
    return NO_LIMIT;
  }
  return {
    isBlocked: (client) => quietly(() => box.has(client)),
    count: (client) =>
      quietly(() => {
        counter.increment(client, 1);
        const counted =
          windowSeconds === 1 ? counter.lookupRate(client, 1) : counter.lookupCount(client, windowSeconds);
        if (counted <= count) return false;
        box.add(client, blockMinutes);
        return true;
      }),
  };
}

function quietly(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return false;
  }
}
