import { describe, expect, it } from 'vitest';
import { poissonFetches } from '../../../bench/support/poisson-fetches.ts';
import { seeded } from '../../../bench/support/seeded.ts';

/** The same, by playing it many times. */
function played(reads: number, purges: number, ttl: number, seconds: number, runs: number): number {
  const random = seeded(7);
  const next = (rate: number) => (rate === 0 ? Number.POSITIVE_INFINITY : -Math.log(1 - random()) / rate);
  let fetches = 0;
  for (let run = 0; run < runs; run++) {
    let read = next(reads);
    let purge = next(purges);
    let freshUntil = 0;
    while (read < seconds) {
      if (purge < read) {
        freshUntil = purge;
        purge += next(purges);
        continue;
      }
      if (read >= freshUntil) {
        fetches += 1;
        freshUntil = read + ttl;
      }
      read += next(reads);
    }
  }
  return fetches / runs;
}

describe('the fetches of a Poisson process', () => {
  it.each([
    { reads: 10 / 3600, purges: 0, ttl: 300 },
    { reads: 10 / 3600, purges: 0, ttl: 1800 },
    { reads: 2.5 / 3600, purges: 0.5 / 3600, ttl: 600 },
    { reads: 500 / 3600, purges: 0, ttl: 600 },
    { reads: 500 / 3600, purges: 20 / 3600, ttl: 600 },
  ])('are those of a simulation: $reads reads, $purges purges, a ttl of $ttl s', ({ reads, purges, ttl }) => {
    const simulated = played(reads, purges, ttl, 3600, 4000);
    const computed = poissonFetches(
      { readsPerSecond: reads, purgesPerSecond: purges, ttlSeconds: ttl },
      3600,
    );
    expect(computed / simulated).toBeGreaterThan(0.98);
    expect(computed / simulated).toBeLessThan(1.02);
  });

  it('are each read where nothing may be kept, and none where nobody reads', () => {
    const entry = { readsPerSecond: 0.01, purgesPerSecond: 0, ttlSeconds: 0 };
    expect(poissonFetches(entry, 3600)).toBeCloseTo(36, 0);
    expect(poissonFetches({ ...entry, readsPerSecond: 0 }, 3600)).toBe(0);
  });
});
