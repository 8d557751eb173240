import type { ResponseFields } from './response-lifetime.ts';

/** Where a response came from, as its headers tell. */
export interface CacheFacts {
  /** HIT, MISS, STALE or BYPASS of the edge; BROWSER where no request left this machine; UNKNOWN without the headers. */
  readonly state: CacheState;
  /** Seconds since the origin made it; null where no cache was asked. */
  readonly ageSeconds: number | null;
  /** Seconds that the edge may still use it. */
  readonly ttlSeconds: number | null;
  /** Milliseconds until the whole of it was there. */
  readonly durationMs: number;
}

const STATES = ['HIT', 'MISS', 'STALE', 'BYPASS', 'ERROR', 'BROWSER', 'UNKNOWN'] as const;
export type CacheState = (typeof STATES)[number];

/** Reads `X-Cache`, or else `Cache-Status` (RFC 9211) of any cache, and `Age`. */
export function cacheFacts(fields: ResponseFields, durationMs: number, isFromBrowser = false): CacheFacts {
  const status = nearestMember(fields.get('cache-status') ?? '');
  const ttl = /;\s*ttl=(-?\d+)/.exec(status)?.[1];
  const age = fields.get('age');
  return {
    state: isFromBrowser ? 'BROWSER' : (named(fields.get('x-cache')) ?? stateOf(status)),
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
