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
  /** All requests of a user fall into so many seconds, on the first page; null: Poisson arrivals over the whole time. */
  readonly burstSeconds: number | null;
  readonly pages: readonly string[];
  /** Where writes go. */
  readonly writePage: string;
}

/** The same visits for the same seed, in order of time. */
export function makeTrace(options: TraceOptions, random: () => number): readonly Visit[] {
  const { users, perUser, seconds, tokenSeconds, writeShare, burstSeconds, pages, writePage } = options;
  const cumulative: number[] = [];
  for (const share of sharesOf(options)) cumulative.push((cumulative.at(-1) ?? 0) + share);
  const starts = cumulative.map(() => random() * (seconds - (burstSeconds ?? 0)));
  const visits = Array.from({ length: users * perUser }, (_, i): Visit => {
    const share = random();
    const drawn = cumulative.findIndex((sum) => share < sum);
    const user = burstSeconds !== null ? i % users : drawn < 0 ? users - 1 : drawn;
    // Arrivals of a Poisson process are uniform, given their number.
    const atSeconds =
      burstSeconds === null ? random() * seconds : (starts[user] ?? 0) + random() * burstSeconds;
    const write = random() < writeShare;
    const drawnPage = pages[burstSeconds === null ? Math.floor(random() * pages.length) : 0] ?? '';
    const page = write ? writePage : drawnPage;
    return { atSeconds, user, page, token: Math.floor(atSeconds / tokenSeconds), write };
  });
  return visits.sort((a, b) => a.atSeconds - b.atSeconds);
}

/** Which share of all requests each user makes. */
export function sharesOf({ users, zipf }: Pick<TraceOptions, 'users' | 'zipf'>): readonly number[] {
  const weights = Array.from({ length: users }, (_, i) => (i + 1) ** -zipf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Origin requests of a cache with one entry for each key, which lives for the page's ttl; a write empties those of `ownerOf`. */
export function originRequests(
  trace: readonly Visit[],
  ttlSeconds: Readonly<Record<string, number>>,
  keyOf: (visit: Visit) => string,
  ownerOf: (visit: Visit) => string,
): number {
  const freshUntil = new Map<string, number>();
  const keysOf = new Map<string, Set<string>>();
  let count = 0;
  for (const visit of trace) {
    const key = keyOf(visit);
    const owner = ownerOf(visit);
    const owned = keysOf.get(owner) ?? new Set();
    keysOf.set(owner, owned);
    if (visit.write) {
      count += 1;
      for (const other of owned) freshUntil.delete(other);
      owned.clear();
    } else if ((freshUntil.get(key) ?? -1) <= visit.atSeconds) {
      count += 1;
      freshUntil.set(key, visit.atSeconds + (ttlSeconds[visit.page] ?? 0));
      owned.add(key);
    }
  }
  return count;
}
