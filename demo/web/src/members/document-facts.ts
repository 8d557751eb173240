import { type ResponseFacts, responseFacts } from '../api/response-facts.ts';

/** Where this document came from; null where the browser does not tell. No script sees its headers: `Server-Timing` repeats them. */
export function documentFacts(): ResponseFacts | null {
  const [timing] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (timing === undefined) return null;
  const told = new Map(timing.serverTiming.map(({ name, description }) => [name, description]));
  return responseFacts({ get: (name) => told.get(name) ?? null }, timing, timing.duration);
}
