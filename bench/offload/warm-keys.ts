import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'undici';
import { quantile } from '../support/quantile.ts';
import type { TokenMint } from '../support/token-mint.ts';
import { ask } from './ask.ts';
import type { PageOrigin } from './page-origin.ts';

export interface WarmKeys {
  readonly requests: number;
  readonly states: Readonly<Record<string, number>>;
  /** Answers that came with the origin's delay: whoever asked has waited for it. */
  readonly waited: number;
  readonly originRequests: number;
  readonly p50Ms: number;
  readonly slowestMs: number;
}

const ORIGIN_MS = 1000;
const BETWEEN_MS = 300;

/**
 * Users who come again and again to a page that is fresh for a second, from an origin that takes a second: on `/swr/` it is
 * served while it is refreshed, on `/api/` whoever comes first after the second waits.
 */
export async function warmKeys(
  lane: 'swr' | 'api',
  { users, rounds }: { readonly users: number; readonly rounds: number },
  { pool, origin, mint }: { readonly pool: Pool; readonly origin: PageOrigin; readonly mint: TokenMint },
): Promise<WarmKeys> {
  const tokens = await Promise.all(
    Array.from({ length: users }, (_, user) => mint.issue('HS256', `warm ${lane} ${user}`, { team: '-' })),
  );
  origin.slowDown(0);
  for (const token of tokens) await ask(pool, `/${lane}/short`, token);
  origin.slowDown(ORIGIN_MS);
  const before = origin.count();
  const times: number[] = [];
  const states: Record<string, number> = {};
  const visit = async (token: string, user: number) => {
    await sleep((user * BETWEEN_MS) / users);
    for (let round = 0; round < rounds; round++) {
      const { cache, firstByteMs } = await ask(pool, `/${lane}/short`, token);
      states[cache] = (states[cache] ?? 0) + 1;
      times.push(firstByteMs);
      await sleep(BETWEEN_MS);
    }
  };
  await Promise.all(tokens.map(visit));
  const originRequests = origin.count() - before;
  // Refreshes that are still on their way must not be counted by the next one who counts.
  await sleep(ORIGIN_MS + 200);
  origin.slowDown(0);
  return {
    requests: times.length,
    states,
    waited: times.filter((ms) => ms >= ORIGIN_MS * 0.9).length,
    originRequests,
    p50Ms: quantile(times, 0.5),
    slowestMs: Math.max(...times),
  };
}
