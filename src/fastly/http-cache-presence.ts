/** No platform says that a POST is cacheable: what says so of this address is the local readthrough cache (`local-cache/`). */
const MARKER = 'https://local-cache.claimcache.invalid/';

/**
 * Whether the platform has the HTTP cache for this service. The host is asked what the runtime asks it before each fetch, so that both come to
 * the same answer: `undefined` is the host's `unsupported`. Plain Viceroy says that, and a service for which the cache is not enabled.
 */
export function hasHttpCache(): boolean {
  try {
    return new Request(MARKER).isCacheable !== undefined;
  } catch {
    // What the host cannot say is not there; CoreCache is.
    return false;
  }
}

let isLocal: boolean | undefined;

/** Whether that cache is the local readthrough cache, and not Fastly's. Each line of the log says so: asked once in a sandbox. */
export function hasLocalCache(): boolean {
  isLocal ??= hasHttpCache() && new Request(MARKER, { method: 'POST' }).isCacheable === true;
  return isLocal;
}
