import type { HttpCacheResponse } from '../../platform/http-cache-port.ts';
import type { OriginAnswer } from './transaction.ts';

/** Where a response of the platform's cache comes from. */
export type ReadthroughOutcome =
  | { readonly from: 'cache'; readonly state: 'HIT' | 'STALE'; readonly detail: string }
  | { readonly from: 'origin'; readonly answer: OriginAnswer }
  /** Of the origin, around the cache and its hooks: a marker stands for the key. */
  | { readonly from: 'marker' };

/** By what the hooks have seen: `cached` is true as well of what an origin answered where something stale was stored. */
export function outcomeOf(
  { sent, answer }: { readonly sent: boolean; readonly answer: OriginAnswer | null },
  { cached, stale, masksError }: Pick<HttpCacheResponse, 'cached' | 'stale' | 'masksError'>,
): ReadthroughOutcome {
  if (answer !== null) return { from: 'origin', answer };
  if (masksError) return { from: 'cache', state: 'STALE', detail: 'if-error' };
  // Sent, and not answered yet: it is renewed behind a stale copy.
  if (sent || stale) return { from: 'cache', state: 'STALE', detail: 'while-revalidate' };
  return cached ? { from: 'cache', state: 'HIT', detail: 'fresh' } : { from: 'marker' };
}

/** Whole seconds. What is stale has nothing left: the platform's own figure underflows there. */
export function secondsLeft(
  { ttlSeconds }: Pick<HttpCacheResponse, 'ttlSeconds'>,
  state: 'HIT' | 'STALE',
): number {
  return state === 'STALE' || ttlSeconds > LONGEST_SECONDS ? 0 : Math.max(0, Math.floor(ttlSeconds));
}

/** A century: more is an underflow. */
const LONGEST_SECONDS = 3_153_600_000;
