/**
 * `claimcache/client`: for applications in a browser whose own cache (TanStack Query, SWR, Apollo) should keep a response as long as the
 * response says. It needs nothing of the edge, and nothing of those libraries.
 */
export { type ApolloLifetimes, createApolloLifetimes } from './apollo.ts';
export { type CacheFacts, type CacheState, cacheFacts, type Delivery } from './cache-facts.ts';
export { type ResponseFields, type ResponseLifetime, responseLifetime } from './response-lifetime.ts';
export { createSwrFetcher, type SwrFetcher } from './swr.ts';
export { byLifetime, cacheModeOf, followLifetimes, type WithLifetime } from './tanstack-query.ts';
