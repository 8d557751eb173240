import { type Counted, noCounts } from './counter.ts';
import { type Counts, SLOT_SECONDS, type Slot } from './live-news.ts';

/** The counts of the last minutes, in so many parts of one length, oldest first. */
export function partsOf(slots: readonly Slot[], endMs: number, minutes: number, parts: number): Counts[] {
  const length = (minutes * 60) / SLOT_SECONDS;
  const first = Math.round(endMs / 1000 / SLOT_SECONDS) - length;
  const result = Array.from({ length: parts }, noCounts);
  for (const { at, ...counts } of slots) {
    const part = result[Math.floor(((at - first) * parts) / length)];
    if (part !== undefined) addTo(part, counts);
  }
  return result;
}

/** The counts of the last minutes. */
export function sumOf(slots: readonly Slot[], endMs: number, minutes: number): Counts {
  return partsOf(slots, endMs, minutes, 1)[0] ?? noCounts();
}

export function requestsOf({ HIT, MISS, STALE, BYPASS, ERROR }: Counts): number {
  return HIT + MISS + STALE + BYPASS + ERROR;
}

/** HIT and STALE of all that a cache was asked for, from 0 to 1; null where none was. */
export function hitRatioOf({ HIT, STALE, MISS }: Pick<Counts, 'HIT' | 'STALE' | 'MISS'>): number | null {
  const asked = HIT + STALE + MISS;
  return asked === 0 ? null : (HIT + STALE) / asked;
}

function addTo(sum: Counted<Counts>, counts: Partial<Counts>): void {
  for (const name of Object.keys(counts) as (keyof Counts)[]) sum[name] += counts[name] ?? 0;
}
