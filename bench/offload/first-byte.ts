import type { Pool } from 'undici';
import { quantile } from '../support/quantile.ts';
import type { TokenMint } from '../support/token-mint.ts';
import { ask } from './ask.ts';
import type { PageOrigin } from './page-origin.ts';

export interface FirstByte {
  readonly delayMs: number;
  readonly missMs: number;
  readonly hitMs: number;
  readonly hitP99Ms: number;
}

/** Time to the first byte of a MISS and of a HIT at one delay of the origin: medians, one request after the other. */
export async function firstByte(
  delayMs: number,
  users: number,
  { pool, origin, mint }: { readonly pool: Pool; readonly origin: PageOrigin; readonly mint: TokenMint },
): Promise<FirstByte> {
  origin.slowDown(delayMs);
  const times: Record<string, number[]> = { MISS: [], HIT: [] };
  for (let user = 0; user < users; user++) {
    const token = await mint.issue('HS256', `first byte ${delayMs} ${user}`, { team: '-' });
    for (const expected of ['MISS', 'HIT', 'HIT', 'HIT']) {
      const { cache, firstByteMs } = await ask(pool, '/api/profile', token);
      if (cache !== expected) throw new Error(`a ${cache}, not a ${expected}`);
      times[cache]?.push(firstByteMs);
    }
  }
  origin.slowDown(0);
  const { MISS = [], HIT = [] } = times;
  return { delayMs, missMs: quantile(MISS, 0.5), hitMs: quantile(HIT, 0.5), hitP99Ms: quantile(HIT, 0.99) };
}
