/// <reference types="@fastly/js-compute" />
// A js-compute service that knows nothing of claimcache: fetch, CacheOverride, its hooks, and purges.
import { CacheOverride } from 'fastly:cache-override';
import { purgeSurrogateKey } from 'fastly:compute';

addEventListener('fetch', (event) => event.respondWith(handle(event.request)));

/** What `/<kind>/…` asks the cache for. */
const KINDS = {
  plain: () => undefined,
  override: () => new CacheOverride('override', { ttl: 60, surrogateKey: 'articles' }),
  hooked: () =>
    new CacheOverride({
      beforeSend(request) {
        request.headers.set('x-before-send', 'yes');
      },
      afterSend(response) {
        response.headers.set('x-after-send', response.headers.get('x-count'));
        response.surrogateKeys = [...response.surrogateKeys, 'hooked'];
        return { cache: true };
      },
    }),
  // 5xx is an error, for which a stale copy stands in.
  strict: () =>
    new CacheOverride({
      afterSend(response) {
        if (response.status >= 500 && response.staleIfErrorAvailable())
          throw new Error(`origin: ${response.status}`);
      },
    }),
  uncacheable: () =>
    new CacheOverride({
      afterSend(response) {
        response.ttl = 60;
        return { cache: 'uncacheable' };
      },
    }),
};

async function handle(request) {
  const url = new URL(request.url);
  const kind = url.pathname.split('/')[1];
  if (kind === 'purge') {
    purgeSurrogateKey(url.searchParams.get('key'), url.searchParams.has('soft'));
    return new Response('purged');
  }
  const cacheOverride = KINDS[kind]?.();
  if (kind === '' || !(kind in KINDS)) return new Response('no such kind', { status: 404 });
  try {
    const response = await fetch(new Request(request), {
      backend: 'origin',
      ...(cacheOverride && { cacheOverride }),
    });
    const { cached, stale, ttl, age } = response;
    // js-compute traps where a response that was just stored has none.
    const surrogateKeys = cached ? response.surrogateKeys : undefined;
    const headers = new Headers(response.headers);
    headers.set('x-told', JSON.stringify({ cached, stale, ttl, age, surrogateKeys }));
    return new Response(response.body, { status: response.status, headers });
  } catch (error) {
    return new Response(String(error), { status: 599 });
  }
}
