import { EdgeRateLimiter, PenaltyBox, RateCounter } from 'fastly:edge-rate-limiter';
import type { BadTokenRule, ClientLimiter } from '../types.ts';

const NO_LIMIT: ClientLimiter = { isBlocked: () => false, count: () => false };

/** Fastly's edge rate limiter under a rule's names. Where it cannot be had, nothing is limited. */
export function createLimiter({
  rateCounter,
  penaltyBox,
  count,
  windowSeconds,
  blockMinutes,
}: BadTokenRule): ClientLimiter {
  let box: PenaltyBox;
  let limiter: EdgeRateLimiter;
  try {
    box = new PenaltyBox(penaltyBox);
    limiter = new EdgeRateLimiter(new RateCounter(rateCounter), box);
  } catch {
    return NO_LIMIT;
  }
  return {
    isBlocked: (client) => quietly(() => box.has(client)),
    count: (client) => quietly(() => limiter.checkRate(client, 1, windowSeconds, count, blockMinutes)),
  };
}

function quietly(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return false;
  }
}
