import { parseList, Token } from 'structured-headers';
import type { Answer, Reading, State, Target } from './types.ts';

const STATES = new Set<string>(['HIT', 'MISS', 'STALE', 'BYPASS', 'ERROR']);

/** What an answer's own headers say: `X-Cache`, `Cache-Status` (RFC 9211), `Cache-Control`. */
export function readAnswer({ headers }: Answer, { route }: Pick<Target, 'route'>): Reading {
  const given = headers.get('x-cache') ?? '';
  const state = STATES.has(given) ? (given as State) : null;
  const parameters = cacheStatus(headers.get('cache-status'));
  const ttl = parameters?.get('ttl');
  const detail = parameters?.get('detail');
  const isPrivate = /(?:^|[\s,])private(?:$|[\s,])/i.test(headers.get('cache-control') ?? '');
  const isHit = state === 'HIT' || state === 'STALE';
  return {
    state,
    lane:
      state === 'BYPASS'
        ? 'pass'
        : state === 'ERROR'
          ? 'reject'
          : state === null
            ? null
            : route.scope !== null && isPrivate
              ? 'scoped'
              : 'public',
    stored: isHit || parameters?.get('stored') === true,
    ttlSeconds: typeof ttl === 'number' ? ttl : null,
    detail: detail instanceof Token ? detail.toString() : typeof detail === 'string' ? detail : null,
  };
}

/** The parameters of the service's own member. */
function cacheStatus(value: string | undefined): ReadonlyMap<string, unknown> | null {
  if (value === undefined) return null;
  try {
    for (const [item, parameters] of parseList(value)) {
      if (item instanceof Token && item.toString() === 'claimcache') return parameters;
    }
  } catch {
    // Somebody on the way wrote what is no structured field.
  }
  return null;
}

export function isHit({ state }: Reading): boolean {
  return state === 'HIT' || state === 'STALE';
}
