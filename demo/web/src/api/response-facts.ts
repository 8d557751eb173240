import { type CacheFacts, cacheFacts, type ResponseFields } from 'claimcache/client';
import { deliveryOf } from './delivery.ts';

/** Where a response came from, and how much of its time the edge has taken. */
export interface ResponseFacts extends CacheFacts {
  /** Until the edge had the response, the origin's time in it; null where nobody says so, and where the edge was not asked. */
  readonly edgeMs: number | null;
}

/**
 * @param timing - The browser's own; undefined where it keeps none. Then the headers speak, of an older request perhaps.
 * @param scriptMs - As a script has measured it, which waits for its turn beside all others: for where there is no timing.
 */
export function responseFacts(
  fields: ResponseFields,
  timing: PerformanceResourceTiming | undefined,
  scriptMs: number,
): ResponseFacts {
  // Without a redirect before it, as of a form: that was another request.
  const durationMs = timing === undefined ? scriptMs : timing.responseEnd - timing.fetchStart;
  const delivery = timing && deliveryOf(timing);
  const edge = timing?.serverTiming.find(({ name }) => name === 'edge');
  const edgeMs = edge === undefined || delivery === 'browser' ? null : edge.duration;
  return { ...cacheFacts(fields, durationMs, delivery), edgeMs };
}
