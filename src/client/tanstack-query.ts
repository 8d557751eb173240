import type { ResponseLifetime } from './response-lifetime.ts';

/** Data of a query that knows how long it may be used. */
export interface WithLifetime {
  readonly lifetime: ResponseLifetime;
}

/** Of TanStack Query's `QueryClient` (version 5), what is used here. */
interface QueryClient {
  getQueryCache(): {
    subscribe(
      listener: (event: { readonly type: string; readonly query: HasData & { gcTime?: number } }) => void,
    ): () => void;
  };
  getQueryState(queryKey: readonly unknown[]): { readonly isInvalidated: boolean } | undefined;
}

interface HasData {
  readonly state: { readonly data: unknown };
}

/**
 * Options for every query whose data has a `lifetime`: it is stale when the response is.
 *
 * @example useQuery({ queryKey, queryFn, ...byLifetime })
 */
export const byLifetime = {
  staleTime: (query: HasData): number => lifetimeOf(query)?.staleTimeMs ?? 0,
  // Of several times TanStack Query takes the longest, and without one five minutes: `followLifetimes` can only lengthen it.
  gcTime: 0,
} as const;

/**
 * Keeps each query for as long as its last response allows. `gcTime` starts when nothing uses the query any more, so a copy may be shown for up to
 * twice its lifetime; `no-store` and `no-cache` are exact. Returns what ends it.
 */
export function followLifetimes(client: QueryClient): () => void {
  return client.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated') return;
    const lifetime = lifetimeOf(query);
    if (lifetime !== undefined) query.gcTime = lifetime.gcTimeMs;
  });
}

/**
 * How to ask for a query again. After a write its copies are out of date however fresh they say they are, and the browser's own
 * HTTP cache does not know: it has to be told.
 */
export function cacheModeOf(client: QueryClient, queryKey: readonly unknown[]): RequestCache {
  return client.getQueryState(queryKey)?.isInvalidated ? 'no-cache' : 'default';
}

function lifetimeOf(query: HasData): ResponseLifetime | undefined {
  return (query.state.data as WithLifetime | undefined)?.lifetime;
}
