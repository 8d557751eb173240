import type { ResponseFields } from './response-lifetime.ts';

/** Where a response came from, as its headers tell. */
export interface CacheFacts {
  /** HIT, MISS, STALE or BYPASS of the edge; BROWSER where no request left this machine; UNKNOWN without the headers. */
  readonly state: CacheState;
  /** The edge said 304: the body is the browser's own copy, which is still right. */
  readonly isNotModified: boolean;
  /** Seconds since the origin made it; null where no cache was asked, and where nobody says so of this response. */
  readonly ageSeconds: number | null;
  /** Seconds that the edge may still use it. */
  readonly ttlSeconds: number | null;
  /** Milliseconds until the whole of it was there. */
  readonly durationMs: number;
}

const STATES = ['HIT', 'MISS', 'STALE', 'BYPASS', 'ERROR', 'BROWSER', 'UNKNOWN'] as const;
export type CacheState = (typeof STATES)[number];

/**
 * How the response came to the page: over the network, from the browser's own cache, or from there after the edge said 304. Of a
 * `PerformanceResourceTiming`, `transferSize` is 0 for a copy of the browser and 300 after a 304.
 */
export type Delivery = 'network' | 'browser' | 'revalidated';

/** Reads `X-Cache`, or else `Cache-Status` (RFC 9211) of any cache, and `Age`. */
export function cacheFacts(
  fields: ResponseFields,
  durationMs: number,
  delivery: Delivery = 'network',
): CacheFacts {
  const status = nearestMember(fields.get('cache-status') ?? '');
  const ttl = /;\s*ttl=(-?\d+)/.exec(status)?.[1];
  const state = delivery === 'browser' ? 'BROWSER' : (named(fields.get('x-cache')) ?? stateOf(status));
  const isNotModified = delivery === 'revalidated';
  // A 304 without `Age` leaves the `Age` of the copy in its place: what the origin was asked about now is not so old.
  const age = isNotModified && state !== 'HIT' && state !== 'STALE' ? null : fields.get('age');
  return {
    state,
    isNotModified,
    ageSeconds: age !== null && /^\d+$/.test(age) ? Number(age) : null,
    ttlSeconds: ttl === undefined ? null : Number(ttl),
    durationMs,
  };
}

/** Each cache adds itself at the end: the last one is the nearest to us. */
function nearestMember(field: string): string {
  return field.split(',').at(-1)?.trim() ?? '';
}

function named(value: string | null): CacheState | undefined {
  return STATES.find((state) => state === value?.trim().toUpperCase());
}

function stateOf(status: string): CacheState {
  if (/;\s*hit(?:;|$)/.test(status)) return /;\s*ttl=-/.test(status) ? 'STALE' : 'HIT';
  if (/;\s*fwd=bypass/.test(status)) return 'BYPASS';
  return /;\s*fwd=/.test(status) ? 'MISS' : 'UNKNOWN';
}
