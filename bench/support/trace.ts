export interface Visit {
  readonly atSeconds: number;
  readonly user: number;
  readonly page: string;
  /** Which of the user's tokens, counted from 0. */
  readonly token: number;
  readonly write: boolean;
}

export interface TraceOptions {
  readonly users: number;
  readonly perUser: number;
  readonly seconds: number;
  /** 0: everybody alike; else the exponent of a Zipf distribution. */
  readonly zipf: number;
  readonly tokenSeconds: number;
  readonly writeShare: number;
  /** All requests of a user fall into so many seconds; null: Poisson arrivals over the whole time. */
  readonly burstSeconds: number | null;
  readonly pages: readonly string[];
}

/** The same visits for the same seed, in order of time. */
export function makeTrace(options: TraceOptions, random: () => number): readonly Visit[] {
  const { users, perUser, seconds, zipf, tokenSeconds, writeShare, burstSeconds, pages } = options;
  const weights = Array.from({ length: users }, (_, i) => (i + 1) ** -zipf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const cumulative: number[] = [];
  for (const weight of weights) cumulative.push((cumulative.at(-1) ?? 0) + weight / total);
  const starts = weights.map(() => random() * (seconds - (burstSeconds ?? 0)));
  const visits = Array.from({ length: users * perUser }, (_, i): Visit => {
    const share = random();
    const user =
      burstSeconds === null
        ? Math.max(
            0,
            cumulative.findIndex((sum) => share < sum),
          )
        : i % users;
    // Arrivals of a Poisson process are uniform, given their number.
    const atSeconds =
      burstSeconds === null ? random() * seconds : (starts[user] ?? 0) + random() * burstSeconds;
    const page = pages[burstSeconds === null ? Math.floor(random() * pages.length) : 0] ?? '';
    return {
      atSeconds,
      user,
      page,
      token: Math.floor(atSeconds / tokenSeconds),
      write: random() < writeShare,
    };
  });
  return visits.sort((a, b) => a.atSeconds - b.atSeconds);
}

/** Origin requests of a cache with one entry for each key, which lives for the page's ttl; a write empties the user's. */
export function originRequests(
  trace: readonly Visit[],
  ttlSeconds: Readonly<Record<string, number>>,
  keyOf: (visit: Visit) => string | null,
): number {
  const freshUntil = new Map<string, { until: number; user: number }>();
  let count = 0;
  for (const visit of trace) {
    const key = keyOf(visit);
    if (visit.write) {
      count += 1;
      for (const [other, entry] of freshUntil) if (entry.user === visit.user) freshUntil.delete(other);
    } else if (key === null || (freshUntil.get(key)?.until ?? -1) <= visit.atSeconds) {
      count += 1;
      if (key !== null)
        freshUntil.set(key, { until: visit.atSeconds + (ttlSeconds[visit.page] ?? 0), user: visit.user });
    }
  }
  return count;
}
