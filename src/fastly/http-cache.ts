import { CacheOverride } from 'fastly:cache-override';
import { HeaderFields } from '../http/header-fields.ts';
import { hasLostFields } from '../http/lost-fields.ts';
import { within } from '../platform/deadline.ts';
import type { HttpCacheHooks, HttpCachePort, HttpCacheResponse } from '../platform/http-cache-port.ts';
import { HttpCacheDisabled } from '../platform/http-cache-port.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import { applyVerdict, type CandidateResponse, candidateOf } from './candidate.ts';

/** The runtime's own, for the cache key: an origin that is asked around the cache would see it. */
const CACHE_KEY_HEADER = 'fastly-xqd-cache-key';
const PENDING = Symbol('pending');

/** Fastly's readthrough cache: `fetch` with a cache key and the hooks of a `CacheOverride`. */
export function createHttpCache(): HttpCachePort {
  return {
    async fetch(request, cacheKey, hooks) {
      try {
        return await lookUp(request, cacheKey, hooks);
      } catch (error) {
        if (error instanceof Error && /HTTP caching API is not enabled/i.test(error.message)) {
          throw new HttpCacheDisabled(error.message);
        }
        throw error;
      }
    },
  };
}

async function lookUp(
  request: OriginRequest,
  cacheKey: string,
  hooks: HttpCacheHooks,
): Promise<HttpCacheResponse> {
  const asked = new Request(request.url, {
    method: request.method,
    headers: [...request.headers],
    backend: request.backend,
  });
  asked.setCacheKey(cacheKey);
  asked.headers.delete(CACHE_KEY_HEADER);
  // The look-up itself waits in here for another sandbox that is filling the key: time counts from when it returns.
  const pending = fetch(asked, { cacheOverride: overrideOf(hooks) });
  const first = await Promise.race([pending, PENDING]);
  const { firstByteTimeoutMs } = request;
  const response =
    first !== PENDING
      ? (first as Response)
      : await (firstByteTimeoutMs === undefined ? pending : within(pending, firstByteTimeoutMs));
  if (hasLostFields(response.headers)) throw new Error('the header fields of the answer cannot be read');
  return {
    status: response.status,
    headers: new HeaderFields(response.headers),
    body: response.body as ReadableStream<Uint8Array> | null,
    cached: response.cached ?? false,
    stale: response.stale ?? false,
    masksError: (response as { maskedError?: unknown }).maskedError !== undefined,
    ageSeconds: response.age ?? 0,
    ttlSeconds: response.ttl ?? 0,
  };
}

function overrideOf(hooks: HttpCacheHooks): CacheOverride {
  let failure: { readonly cause: unknown } | null = null;
  return new CacheOverride({
    beforeSend({ headers }) {
      return hooks.beforeSend(headers)?.then(
        (fields) => {
          for (const [name, value] of fields) headers.set(name, value);
        },
        // Rejected, it would end the sandbox where there is a stale copy. Thrown later it serves that.
        (cause: unknown) => {
          failure = { cause };
        },
      );
    },
    afterSend(response) {
      if (failure !== null) throw failure.cause;
      const candidate = response as Response & CandidateResponse;
      return applyVerdict(candidate, hooks.afterSend(candidateOf(candidate)));
    },
  });
}
