import type { CoreCachePort } from '../platform/core-cache-port.ts';
import type { EdgeKv } from './ports.ts';
import { readText } from './read-text.ts';

/** Above the largest value written: a key set. */
const MAX_BYTES = 1_048_576;

/**
 * An {@link EdgeKv} in the edge cache. A cache that fails is a memory that forgets, never an error.
 * Entries carry the surrogate key `edge:identity`, which no policy's scope can have, so an operator can drop them all.
 */
export function createEdgeKv(cache: CoreCachePort): EdgeKv {
  return {
    async get(key) {
      try {
        const entry = cache.lookup(key);
        if (entry === null || !entry.found || !entry.usable || entry.stale) return null;
        return await readText(entry.body(), MAX_BYTES);
      } catch {
        return null;
      }
    },
    async set(key, value, ttlSeconds) {
      try {
        const bytes = new TextEncoder().encode(value);
        const writer = cache.insert(key, null, {
          maxAgeMs: ttlSeconds * 1000,
          initialAgeMs: 0,
          staleWhileRevalidateMs: 0,
          surrogateKeys: ['edge:identity'],
          vary: [],
          metadata: '',
          lengthBytes: bytes.length,
        });
        writer.write(bytes);
        writer.close();
      } catch {
        // Not remembered: the next request does the work again.
      }
    },
  };
}
