import { responseLifetime } from './response-lifetime.ts';

export interface SwrFetcher {
  /**
   * For `useSWR([user.sub, path], fetcher, { dedupingInterval: 0 })`. Whose data it is stands in the key, so that nobody is shown
   * another person's copy. Rejects where the answer is no success.
   */
  readonly fetcher: (key: readonly [owner: string, path: string]) => Promise<unknown>;
  /** After a write: the next fetch asks the browser's own HTTP cache to revalidate, too. */
  readonly forget: () => void;
}

/**
 * A fetcher for SWR, which has one set of times for all data: a copy is used for as long as its response is fresh, and only then the
 * service is asked again.
 *
 * @param fetchPath - Default: the global `fetch`.
 * @param nowMs - Default: the clock.
 *
 * @example
 * const { fetcher, forget } = createSwrFetcher();
 * useSWR([user.sub, '/api/orders'] as const, fetcher, { dedupingInterval: 0 });
 * // After a write:
 * forget();
 * await mutate((key) => Array.isArray(key) && key[0] === user.sub);
 */
export function createSwrFetcher(
  fetchPath: (path: string, init: RequestInit) => Promise<Response> = (path, init) => fetch(path, init),
  nowMs: () => number = () => Date.now(),
): SwrFetcher {
  const kept = new Map<string, { readonly body: unknown; readonly freshUntilMs: number }>();
  return {
    async fetcher([owner, path]) {
      const key = JSON.stringify([owner, path]);
      const copy = kept.get(key);
      if (copy !== undefined && nowMs() < copy.freshUntilMs) return copy.body;
      // Nothing is kept the first time, and after a write: then the browser must not answer from its own copy.
      const response = await fetchPath(path, { cache: copy === undefined ? 'no-cache' : 'default' });
      if (!response.ok) throw new Error(`${response.status}`);
      const body: unknown = await response.json();
      const { staleTimeMs } = responseLifetime(response.headers, nowMs());
      kept.set(key, { body, freshUntilMs: nowMs() + staleTimeMs });
      return body;
    },
    forget: () => kept.clear(),
  };
}
