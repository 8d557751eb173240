import { allKeys } from '../keys/surrogate-key.ts';
import type { CoreCachePort, HttpCachePort } from '../types/platform.ts';
import type { CacheResult, CacheTask, OriginRequest, Readthrough } from '../types/readthrough.ts';
import { streamSource } from './body-source.ts';
import { originFailure } from './origin-failure.ts';
import { fetchAlone } from './results.ts';
import { plantSentinel, type Sentinel } from './sentinel.ts';
import { announcedLength } from './store-body.ts';

/** Stored with the response, removed before it leaves: whose page it is. */
export const FINGERPRINT_HEADER = 'x-claimcache-fingerprint';
/** Likewise, and only where there are any: the fields of its `Vary` that the origin could not see. */
export const UNKEYED_VARY_HEADER = 'x-claimcache-unkeyed-vary';

export interface NativeEngineDeps {
  readonly http: HttpCachePort;
  /** For the sentinel; null: responses that a purge overtook are not recognised. */
  readonly core: CoreCachePort | null;
  readonly fetchOrigin: (request: OriginRequest) => Promise<Response>;
  readonly nowMs: () => number;
}

/**
 * The readthrough cache on Fastly's HTTP cache: collapsing, variants, revalidation and stale serving are the
 * platform's. Only the freshness decision, the surrogate keys and the leak guard are ours.
 */
export function createNativeEngine({ http, core, fetchOrigin, nowMs }: NativeEngineDeps): Readthrough {
  return { engine: 'native', fetch: fetchThrough };

  async function fetchThrough(task: CacheTask): Promise<CacheResult> {
    // Given to the wrong engine, it must not be stored unseen: see choose.ts.
    if (task.inspection !== null || task.request().method !== 'GET')
      return fetchAlone(task, 'graphql-unseen', fetchOrigin, nowMs);
    let requestedAtMs = nowMs();
    let originMs: number | null = null;
    let detail = 'fresh';
    let stored = false;
    let sentinel: Sentinel | null = null;

    const response = await http
      .fetch(task.request(), task.cacheKey, {
        beforeSend() {
          requestedAtMs = nowMs();
          sentinel = core === null ? null : plantSentinel(core, task.cacheKey, task.sentinelKeys);
        },
        afterSend(candidate) {
          originMs = nowMs() - requestedAtMs;
          const decision = task.decide(candidate.status, candidate.headers, requestedAtMs);
          detail = decision.reason;
          candidate.headers.delete(FINGERPRINT_HEADER);
          candidate.headers.delete(UNKEYED_VARY_HEADER);
          if (!decision.store) return 'uncacheable';
          if (sentinel !== null && !sentinel.stillStands()) {
            detail = 'purged-meanwhile';
            return 'uncacheable';
          }
          candidate.headers.set(FINGERPRINT_HEADER, task.fingerprint);
          if (decision.unkeyedVary.length > 0)
            candidate.headers.set(UNKEYED_VARY_HEADER, decision.unkeyedVary.join(','));
          candidate.ttlSeconds = decision.ttlSeconds;
          candidate.staleWhileRevalidateSeconds = decision.staleWhileRevalidateSeconds;
          candidate.vary = decision.vary;
          // Ours beside the origin's: an override's own surrogateKey would replace them.
          candidate.surrogateKeys = [...allKeys(task.surrogateKeys, decision.originSurrogateKeys)];
          stored = true;
          return true;
        },
      })
      .catch((error: unknown) => {
        throw originFailure(error);
      });

    if (response.cached && response.headers.get(FINGERPRINT_HEADER) !== task.fingerprint) {
      return fetchAlone(task, 'leak-guard', fetchOrigin, nowMs);
    }
    const unkeyedVary = response.headers.get(UNKEYED_VARY_HEADER);
    const state = response.cached ? (response.stale ? 'STALE' : 'HIT') : 'MISS';
    return {
      state,
      status: response.status,
      headers: response.headers,
      body:
        response.body === null ? null : streamSource(response.body, announcedLength(response.headers), task),
      ageSeconds: response.ageSeconds,
      ttlSeconds: Math.max(0, response.ttlSeconds),
      stored,
      detail,
      originMs,
      ...(unkeyedVary === null ? {} : { unkeyedVary: unkeyedVary.split(',') }),
    };
  }
}
