import { CacheOverride } from 'fastly:cache-override';
import { HeaderFields } from '../http/header-fields.ts';
import { HttpCacheDisabled } from '../readthrough/choose.ts';
import type { HttpCachePort } from '../types/platform.ts';
import { refuseLostFields } from './lost-fields.ts';

/** Fastly's readthrough cache: `fetch` with a cache key and the hooks of a `CacheOverride`. */
export function createHttpCache(): HttpCachePort {
  return {
    async fetch(request, cacheKey, hooks) {
      const cacheOverride = new CacheOverride({
        beforeSend(request) {
          return hooks.beforeSend()?.then((fields) => {
            for (const [name, value] of fields) request.headers.set(name, value);
          });
        },
        async afterSend(response) {
          const cache = await hooks.afterSend({
            status: response.status,
            headers: response.headers,
            set ttlSeconds(seconds: number) {
              response.ttl = seconds;
            },
            set staleWhileRevalidateSeconds(seconds: number) {
              response.swr = seconds;
            },
            set surrogateKeys(keys: readonly string[]) {
              response.surrogateKeys = [...keys];
            },
            set vary(fields: readonly string[]) {
              response.vary = [...fields];
            },
          });
          return { cache };
        },
      });
      let response: Response;
      try {
        response = await fetch(request.url, {
          method: request.method,
          headers: [...request.headers],
          backend: request.backend,
          cacheKey,
          cacheOverride,
        });
      } catch (error) {
        if (error instanceof Error && /HTTP caching API is not enabled/i.test(error.message)) {
          throw new HttpCacheDisabled(error.message);
        }
        throw error;
      }
      refuseLostFields(response.headers);
      return {
        status: response.status,
        headers: new HeaderFields(response.headers),
        body: response.body as ReadableStream<Uint8Array> | null,
        cached: response.cached ?? false,
        stale: response.stale ?? false,
        ageSeconds: response.age ?? 0,
        ttlSeconds: (response.ttl ?? 0) - (response.age ?? 0),
      };
    },
  };
}
