import type { ResponseFacts } from '../api/response-facts.ts';
import { createStore } from './store.ts';

/** One response of a page of the dashboard: where it came from, and for whom it was made. */
export interface Visit {
  readonly path: string;
  readonly facts: ResponseFacts;
  /** Past the cache, by the switch. */
  readonly isWithout: boolean;
  /** The person or the team that the response itself names. */
  readonly owner: string;
}

/** Enough for an hour of clicking: medians are taken of these. */
const MAX_VISITS = 2000;

/** Since this document was opened, oldest first. */
export const visits = createStore<readonly Visit[]>([]);

export function addVisit(visit: Visit): void {
  visits.set([...visits.current().slice(1 - MAX_VISITS), visit]);
}

/**
 * The next visit of each path, once all of them are there.
 *
 * @throws {Error} when one is missing after `timeoutMs`.
 */
export function nextVisits(paths: readonly string[], timeoutMs = 30_000): Promise<readonly Visit[]> {
  const found = new Map<string, Visit>();
  return new Promise((resolve, reject) => {
    const end = visits.subscribe(() => {
      const visit = visits.current().at(-1);
      if (visit !== undefined && paths.includes(visit.path)) found.set(visit.path, visit);
      if (found.size < paths.length) return;
      stop();
      resolve(paths.flatMap((path) => found.get(path) ?? []));
    });
    const timer = setTimeout(() => {
      stop();
      reject(new Error('Not every page was answered. Is the service running?'));
    }, timeoutMs);
    function stop(): void {
      end();
      clearTimeout(timer);
    }
  });
}

/** Of an even number the lower one of the two in the middle; null of none. */
export function medianMs(times: readonly number[]): number | null {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
