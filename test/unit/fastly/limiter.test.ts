import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientLimiter } from '../../../src/platform/platform.ts';
import type { RateRule } from '../../../src/policy/rate-limits.ts';

/** Counter and box as documented: a count over 10 to 60 s, a rate over 1, 10 or 60 s, entries for minutes. */
const platform = vi.hoisted(() => ({ counts: new Map<string, number>(), boxed: new Map<string, number>() }));
vi.mock('fastly:edge-rate-limiter', () => ({
  RateCounter: class {
    increment(entry: string, delta: number) {
      platform.counts.set(entry, (platform.counts.get(entry) ?? 0) + delta);
    }
    lookupCount(entry: string, seconds: number) {
      if (![10, 20, 30, 40, 50, 60].includes(seconds)) throw new TypeError('no such duration');
      return platform.counts.get(entry) ?? 0;
    }
    lookupRate(entry: string, seconds: number) {
      return Math.floor((platform.counts.get(entry) ?? 0) / seconds);
    }
  },
  PenaltyBox: class {
    has = (entry: string) => platform.boxed.has(entry);
    add = (entry: string, minutes: number) => void platform.boxed.set(entry, minutes);
  },
}));

const RULE: RateRule = { count: 20, windowSeconds: 60, blockMinutes: 5, rateCounter: 'c', penaltyBox: 'b' };

async function limiterOf(rule: Partial<RateRule> = {}): Promise<ClientLimiter> {
  // By a name that the type checker does not follow: what it imports is the platform's alone.
  const file: string = '../../../src/fastly/limiter.ts';
  const { createLimiter } = await import(file);
  return createLimiter({ ...RULE, ...rule });
}

beforeEach(() => {
  platform.counts.clear();
  platform.boxed.clear();
});

describe('the limiter on Fastly', () => {
  it.each([1, 10, 60] as const)(
    'lets the count through within a window of %i s, and no more',
    async (windowSeconds) => {
      const limiter = await limiterOf({ windowSeconds });
      const overs = Array.from({ length: 21 }, () => limiter.count('client'));
      expect(overs.indexOf(true)).toBe(20);
      expect(limiter.isBlocked('client')).toBe(true);
      expect(platform.boxed.get('client')).toBe(5);
      expect(limiter.isBlocked('another')).toBe(false);
    },
  );

  it('limits nobody where counting fails', async () => {
    const limiter = await limiterOf();
    vi.spyOn(platform.counts, 'set').mockImplementationOnce(() => {
      throw new Error('no such counter');
    });
    expect(limiter.count('client')).toBe(false);
  });
});
