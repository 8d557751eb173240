import { describe, expect, it } from 'vitest';
import { bothLimiters, createFloorLimiter } from '../../../src/operator/floor-limiter.ts';
import type { ClientLimiter } from '../../../src/platform/platform.ts';
import type { RateRule } from '../../../src/policy/rate-limits.ts';
import { memoryCache } from '../../../src/testing/memory-cache.ts';

const RULE: RateRule = {
  count: 3,
  windowSeconds: 10,
  blockMinutes: 1,
  rateCounter: 'r',
  penaltyBox: 'p',
};

/** With a cache or without: each sandbox has a limiter of its own. */
function floors(sandboxes: number, rule = RULE) {
  const clock = { nowMs: 1_000_000 };
  const cache = memoryCache(clock);
  const limiters = Array.from({ length: sandboxes }, () =>
    createFloorLimiter(rule, () => clock.nowMs, cache.port),
  );
  return { clock, cache, limiters };
}

describe('with an edge cache', () => {
  it('sandboxes that each serve one request count together, and forget with the window and the block', () => {
    const { clock, limiters } = floors(6);
    expect(limiters.slice(0, 4).map((limiter) => limiter.count('alice'))).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(limiters[4]?.isBlocked('alice')).toBe(true);
    expect(limiters[4]?.isBlocked('bob')).toBe(false);
    clock.nowMs += 60_000;
    expect(limiters[5]?.isBlocked('alice')).toBe(false);
    expect(limiters[5]?.count('alice')).toBe(false);
  });

  it('no purge of a page takes a count away', () => {
    const { cache, limiters } = floors(2, { ...RULE, count: 1 });
    limiters[0]?.count('alice');
    cache.purge('user:42');
    expect(limiters[1]?.count('alice')).toBe(true);
  });

  it('one that fails counts nothing, and throws nothing', () => {
    const fail = () => {
      throw new Error('down');
    };
    const limiter = createFloorLimiter(RULE, () => 0, { transaction: fail, lookup: fail, insert: fail });
    expect([limiter.isBlocked('alice'), ...counts(limiter, 'alice', 4)]).not.toContain(true);
  });
});

function floor() {
  const clock = { nowMs: 1_000_000 };
  return { clock, limiter: createFloorLimiter(RULE, () => clock.nowMs, null) };
}
const counts = (limiter: ClientLimiter, client: string, times: number) =>
  Array.from({ length: times }, () => limiter.count(client));

describe('the floor', () => {
  it('lets through what is allowed, and blocks from the next one on', () => {
    const { limiter } = floor();
    expect(counts(limiter, 'alice', 3)).toEqual([false, false, false]);
    expect(limiter.isBlocked('alice')).toBe(false);
    expect(limiter.count('alice')).toBe(true);
    expect(limiter.isBlocked('alice')).toBe(true);
    expect(limiter.isBlocked('bob')).toBe(false);
    expect(limiter.count('bob')).toBe(false);
  });

  it('a window that has passed is forgotten', () => {
    const { limiter, clock } = floor();
    counts(limiter, 'alice', 3);
    clock.nowMs += 9_999;
    expect(limiter.count('alice')).toBe(true);
    const other = floor();
    counts(other.limiter, 'alice', 3);
    other.clock.nowMs += 10_000;
    expect(counts(other.limiter, 'alice', 3)).toEqual([false, false, false]);
  });

  it('a block ends after its minutes, not with the window', () => {
    const { limiter, clock } = floor();
    counts(limiter, 'alice', 4);
    clock.nowMs += 20_000;
    expect(limiter.isBlocked('alice')).toBe(true);
    limiter.count('alice');
    expect(limiter.isBlocked('alice')).toBe(true);
    clock.nowMs += 40_000;
    expect(limiter.isBlocked('alice')).toBe(false);
  });

  it('its memory is bounded', () => {
    const { limiter } = floor();
    counts(limiter, 'alice', 4);
    for (let i = 0; i < 1000; i++) limiter.count(`client-${i}`);
    expect(limiter.isBlocked('alice')).toBe(false);
    expect(limiter.isBlocked('client-999')).toBe(false);
  });
});

describe('two limiters', () => {
  const fixed = (isBlocked: boolean, isTooMany: boolean) => {
    const limiter = {
      counted: 0,
      isBlocked: () => isBlocked,
      count: () => ++limiter.counted > 0 && isTooMany,
    };
    return limiter;
  };

  it('one of them is enough, and both count', () => {
    for (const [a, b] of [
      [true, false],
      [false, true],
    ] as const) {
      const [left, right] = [fixed(a, a), fixed(b, b)];
      const both = bothLimiters(left, right);
      expect(both.isBlocked('x')).toBe(true);
      expect(both.count('x')).toBe(true);
      expect([left.counted, right.counted]).toEqual([1, 1]);
    }
    const neither = bothLimiters(fixed(false, false), fixed(false, false));
    expect([neither.isBlocked('x'), neither.count('x')]).toEqual([false, false]);
  });
});
