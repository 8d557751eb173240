import { BoundedMap } from '../keys/bounded-map.ts';
import type { CoreCachePort } from '../platform/core-cache-port.ts';
import type { ClientLimiter } from '../platform/platform.ts';
import type { RateRule } from '../policy/rate-limits.ts';

const MAX_CLIENTS = 1000;

interface Count {
  readonly fromMs: number;
  readonly count: number;
  readonly blockedUntilMs: number;
}

/**
 * Keeps a signed-in person from purging without end (`POST /.edge/purge/me`) where the platform's rate limiter is not to be had, or knows only the address.
 *
 * It counts in the edge cache, not in the sandbox
 * alone: that may serve six requests and end, and would never count to ten. Requests of one moment may be counted as one, and each point of
 * presence counts for itself, so it is a floor and no limit.
 *
 * @param cache - null: there is none, and this sandbox counts for itself, in a bounded memory.
 */
export function createFloorLimiter(
  { count: allowed, windowSeconds, blockMinutes }: RateRule,
  nowMs: () => number,
  cache: CoreCachePort | null,
): ClientLimiter {
  const keepMs = Math.max(windowSeconds, blockMinutes * 60) * 1000;
  const counts = cache === null ? new BoundedMap<string, Count>(MAX_CLIENTS) : inCache(cache, keepMs);
  return {
    isBlocked: (client) => nowMs() < (counts.get(client)?.blockedUntilMs ?? 0),
    count(client) {
      const now = nowMs();
      const known = counts.get(client);
      const goesOn = known !== undefined && now - known.fromMs < windowSeconds * 1000;
      const count = goesOn ? known.count + 1 : 1;
      const isTooMany = count > allowed;
      counts.set(client, {
        fromMs: goesOn ? known.fromMs : now,
        count,
        blockedUntilMs: isTooMany ? now + blockMinutes * 60_000 : (known?.blockedUntilMs ?? 0),
      });
      return isTooMany;
    },
  };
}

interface Counts {
  get(client: string): Count | undefined;
  set(client: string, count: Count): void;
}

/** Under no surrogate key: no purge of a page takes a count away. A cache that fails counts nothing, and breaks no request. */
function inCache(cache: CoreCachePort, maxAgeMs: number): Counts {
  const keyOf = (client: string) => `claimcache-count:${client}`;
  return {
    get(client) {
      try {
        const entry = cache.lookup(keyOf(client));
        if (!entry?.usable) return undefined;
        const [fromMs = 0, count = 0, blockedUntilMs = 0] = entry.metadata().split(' ').map(Number);
        entry.close();
        return { fromMs, count, blockedUntilMs };
      } catch {
        return undefined;
      }
    },
    set(client, { fromMs, count, blockedUntilMs }) {
      const options = {
        initialAgeMs: 0,
        staleWhileRevalidateMs: 0,
        surrogateKeys: [],
        vary: [],
        lengthBytes: 0,
      };
      const metadata = `${fromMs} ${count} ${blockedUntilMs}`;
      try {
        cache.insert(keyOf(client), null, { ...options, maxAgeMs, metadata }).close();
      } catch {}
    },
  };
}

/** Blocked by one is blocked; each counts, whatever the other says. */
export function bothLimiters(a: ClientLimiter, b: ClientLimiter): ClientLimiter {
  return {
    isBlocked: (client) => a.isBlocked(client) || b.isBlocked(client),
    count(client) {
      const isTooMany = [a.count(client), b.count(client)];
      return isTooMany.includes(true);
    },
  };
}
