export interface PoissonEntry {
  /** Reads of this entry. */
  readonly readsPerSecond: number;
  /** What empties it before its time: writes, purges. */
  readonly purgesPerSecond: number;
  readonly ttlSeconds: number;
}

const STEPS = 4000;

/**
 * How often the best possible cache fetches one entry in a time that begins with an empty cache, when reads and purges are
 * Poisson processes: the expected number.
 *
 * With u(t) the rate of fetches, an entry is fresh at t with the probability
 *   F(t) = ∫ u(s) e^(−purges·(t−s)) ds, from t − ttl to t,
 * because of two fetches within a ttl a purge has taken the first; and u(t) = reads · (1 − F(t)). Solved step by step; without
 * purges it tends to seconds · reads / (1 + reads · ttl), which is the renewal theorem.
 */
export function poissonFetches(
  { readsPerSecond, purgesPerSecond, ttlSeconds }: PoissonEntry,
  seconds: number,
): number {
  if (ttlSeconds === 0) return readsPerSecond * seconds;
  if (readsPerSecond === 0) return 0;
  const step = seconds / STEPS;
  const ttlSteps = Math.round(ttlSeconds / step);
  // Within one step many reads may fall, but only one of them fetches.
  const chance = 1 - Math.exp(-readsPerSecond * step);
  const survives = Math.exp(-purgesPerSecond * step);
  const survivesTtl = survives ** ttlSteps;
  const fetched = new Float64Array(STEPS);
  let fresh = 0;
  let total = 0;
  for (let i = 0; i < STEPS; i++) {
    const expired = i >= ttlSteps ? (fetched[i - ttlSteps] ?? 0) * survivesTtl : 0;
    fresh = Math.max(0, fresh * survives - expired);
    const now = Math.max(0, 1 - fresh) * chance;
    fetched[i] = now;
    fresh += now;
    total += now;
  }
  return total;
}
