import { describe, expect, it } from 'vitest';
import { seenTokens } from '../../../bench/scale/seen-tokens.ts';
import { type SpreadOptions, simulateSpread } from '../../../bench/scale/spread.ts';
import { poissonFetches } from '../../../bench/support/poisson-fetches.ts';
import { seeded } from '../../../bench/support/seeded.ts';

const options: SpreadOptions = {
  requestsPerHour: 10,
  ttlSeconds: 600,
  points: 10,
  roaming: 1,
  sessionSeconds: null,
  identities: 4000,
};
const spread = (changes: Partial<SpreadOptions>) => simulateSpread({ ...options, ...changes }, seeded(3));
/** Fetches in the last three of four hours. */
const expected = (perHour: number) => {
  const entry = { readsPerSecond: perHour / 3600, purgesPerSecond: 0, ttlSeconds: 600 };
  return poissonFetches(entry, 4 * 3600) - poissonFetches(entry, 3600);
};

describe('personal content spread over points of presence', () => {
  it('costs the origin at each point what the renewal theory says', () => {
    const { direct, shielded } = spread({});
    expect(direct / options.identities / (10 * expected(1))).toBeCloseTo(1, 1);
    expect(shielded / options.identities / expected(10)).toBeCloseTo(1, 1);
  });

  it('is as well cached by a hundred points as by one, where people stay at theirs', () => {
    const [one, hundred] = [1, 100].map((points) => spread({ points, roaming: 0 }));
    const ratio = (of: typeof one) => (of === undefined ? Number.NaN : of.hits / of.requests);
    expect(ratio(hundred)).toBeCloseTo(ratio(one), 2);
    expect(hundred?.direct).toBe(hundred?.shielded);
  });

  it('with a shield never costs the origin more than without', () => {
    for (const points of [1, 5, 50]) {
      const { direct, shielded } = spread({ points, roaming: 0.1, identities: 500 });
      expect(shielded).toBeLessThanOrEqual(direct);
    }
  });
});

describe('tokens seen before', () => {
  it('are all but the first where one person asks, and hardly any where millions do', () => {
    expect(seenTokens(1, 1000, 100)).toBeCloseTo(0.999, 5);
    expect(seenTokens(1000, 1000, 1000)).toBeCloseTo(0.368, 2);
    expect(seenTokens(1000, 1000, 100)).toBeCloseTo(0.095, 2);
    expect(seenTokens(1_000_000, 1000, 100)).toBeLessThan(0.001);
  });
});
