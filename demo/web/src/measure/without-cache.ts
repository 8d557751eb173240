import { createStore } from './store.ts';

/** The policy names it among `cms.cookies`: a request that carries it goes straight to the origin. */
const COOKIE = 'without_cache';

/** Whether this browser goes past the edge's cache. The cookie says so: other tabs, and a page that is loaded again, do the same. */
export const withoutCache = createStore(isSet());

/** Takes caching away from this browser, or gives it back. */
export function setWithoutCache(on: boolean): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
  document.cookie = `${COOKIE}=1; Path=/; SameSite=Strict${on ? '' : '; Max-Age=0'}`;
  withoutCache.set(isSet());
}

function isSet(): boolean {
  return document.cookie.split('; ').includes(`${COOKIE}=1`);
}
