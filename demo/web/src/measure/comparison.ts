import { ask } from '../api/ask.ts';
import { PAGE_PATHS } from './page-paths.ts';
import { createStore } from './store.ts';
import { medianMs, type Visit } from './visits.ts';
import { setWithoutCache, withoutCache } from './without-cache.ts';

/** How many requests the origin itself has counted, of the pages of the dashboard, since this document was opened. */
export interface OriginCounts {
  readonly with: number;
  readonly without: number;
  /** The origin's counter when it was last read; null before. */
  readonly last: number | null;
}

export const originCounts = createStore<OriginCounts>({ with: 0, without: 0, last: null });

/** Reads the origin's counter, and adds what it has grown by to the way that is switched on. */
export async function readOriginCounter(): Promise<void> {
  const { body } = await ask<{ readonly requests: number }>('/dashboard/origin-requests', {
    cache: 'no-store',
  });
  const counts = originCounts.current();
  // An origin that was started again counts from 0.
  const grown = Math.max(0, body.requests - (counts.last ?? body.requests));
  const way = withoutCache.current() ? 'without' : 'with';
  originCounts.set({ ...counts, [way]: counts[way] + grown, last: body.requests });
}

let baseline: Promise<void> | undefined;
/** Reads the counter before the first page is asked for. It resolves in any case: without it only the numbers are missing. */
export function originBaseline(): Promise<void> {
  baseline ??= readOriginCounter().catch(() => {});
  return baseline;
}

/** What was counted so far belongs to the way until now. */
export async function switchCache(isWithout: boolean): Promise<void> {
  await readOriginCounter();
  setWithoutCache(isWithout);
}

export interface Way {
  readonly isWithout: boolean;
  readonly requests: number;
  readonly originRequests: number;
  readonly medianMs: number | null;
}

export function ways(all: readonly Visit[], counts: OriginCounts): readonly Way[] {
  return [false, true].map((isWithout) => {
    const mine = all.filter((visit) => visit.isWithout === isWithout && isCompared(visit));
    return {
      isWithout,
      requests: mine.length,
      originRequests: isWithout ? counts.without : counts.with,
      medianMs: medianMs(mine.map(({ facts }) => facts.durationMs)),
    };
  });
}

/** What a browser shows from its own cache is no request; everything else is one, whoever answers it. */
function isCompared({ path, facts }: Visit): boolean {
  return PAGE_PATHS.includes(path) && facts.state !== 'BROWSER';
}
