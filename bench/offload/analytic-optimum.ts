import { poissonFetches } from '../support/poisson-fetches.ts';
import { sharesOf, type TraceOptions } from './trace.ts';

/**
 * What the best possible cache would fetch, expected over all traces of the Poisson process that one trace was drawn from. A
 * write is a request to the origin itself, and empties its writer's pages; the page `report` is one for each team.
 */
export function analyticOptimum(
  options: TraceOptions,
  {
    teamOf,
    ttlSeconds,
  }: {
    readonly teamOf: (user: number) => string;
    readonly ttlSeconds: Readonly<Record<string, number>>;
  },
): number {
  const { perUser, users, seconds, writeShare, pages } = options;
  const rate = (users * perUser) / seconds;
  const shares = sharesOf(options);
  const teams = new Map<string, number>();
  for (const [user, share] of shares.entries())
    teams.set(teamOf(user), (teams.get(teamOf(user)) ?? 0) + share);

  const memory = new Map<string, number>();
  const fetches = (share: number, purgesPerSecond: number, ttl: number) => {
    const readsPerSecond = (share * rate * (1 - writeShare)) / pages.length;
    const id = `${readsPerSecond} ${purgesPerSecond} ${ttl}`;
    const known =
      memory.get(id) ?? poissonFetches({ readsPerSecond, purgesPerSecond, ttlSeconds: ttl }, seconds);
    memory.set(id, known);
    return known;
  };
  let total = rate * seconds * writeShare;
  for (const page of pages) {
    const ttl = ttlSeconds[page] ?? 0;
    if (page === 'report') for (const share of teams.values()) total += fetches(share, 0, ttl);
    else for (const share of shares) total += fetches(share, share * rate * writeShare, ttl);
  }
  return total;
}
