import { describe, expect, it } from 'vitest';
import { bothLimiters, createFloorLimiter } from '../../../src/operator/floor-limiter.ts';
import type { ClientLimiter, RateRule } from '../../../src/types.ts';

const RULE: RateRule = {
  count: 3,
  windowSeconds: 10,
  blockMinutes: 1,
  rateCounter: 'r',
  penaltyBox: 'p',
};

function floor() {
  const clock = { nowMs: 1_000_000 };
  return { clock, limiter: createFloorLimiter(RULE, () => clock.nowMs) };
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
