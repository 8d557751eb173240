import type { ResponseFacts } from '../api/response-facts.ts';

const MEANING: Readonly<Record<ResponseFacts['state'], string>> = {
  HIT: 'from the edge',
  MISS: 'from the origin, now stored at the edge',
  STALE: 'from the edge, out of date',
  BYPASS: 'from the origin, never stored',
  ERROR: 'the edge could not get it',
  BROWSER: 'from this browser, nobody was asked',
  UNKNOWN: 'no cache says anything',
};

/** After a 304 the page shows the copy that this browser had. */
const NOT_MODIFIED: Readonly<Record<ResponseFacts['state'], string>> = {
  ...MEANING,
  HIT: '304: not changed, says the edge',
  MISS: '304: not changed, says the origin; now stored at the edge',
  STALE: '304: not changed, says the edge, out of date',
  BYPASS: '304: not changed, says the origin',
};

export function meaningOf({ state, isNotModified }: ResponseFacts): string {
  return isNotModified ? NOT_MODIFIED[state] : MEANING[state];
}

/** Age, time left, milliseconds. */
export function numbersOf({ state, ageSeconds, ttlSeconds, durationMs }: ResponseFacts): string[] {
  // What the browser has kept was told these numbers when it came.
  const isStored = state === 'HIT' || state === 'MISS' || state === 'STALE';
  return [
    ...(isStored && ageSeconds !== null ? [`${ageSeconds} s old`] : []),
    ...(isStored && ttlSeconds !== null && ttlSeconds > 0 ? [`fresh for ${ttlSeconds} s`] : []),
    `${Math.round(durationMs)} ms`,
  ];
}

/** Of the milliseconds, those until the edge had the response, and the rest; null where the edge does not say. */
export function splitOf({ state, edgeMs, durationMs }: ResponseFacts): string | null {
  if (edgeMs === null) return null;
  const [all, edge] = [Math.round(durationMs), Math.round(edgeMs)];
  const isWithoutOrigin = state === 'HIT' || state === 'STALE';
  return `${isWithoutOrigin ? 'edge' : 'edge and origin'} ${edge} ms, way ${Math.max(0, all - edge)} ms`;
}
