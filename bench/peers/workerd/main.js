import { createLocalJWKSet, jwtVerify } from 'jose';

// A Worker as one would write it: verify, look up by the claim, ask the origin.
let keys;

export default {
  async fetch(request, env, context) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/hello') return new Response('hello');
    const keyFor = (sub, path) => new Request(`https://cache.test/${encodeURIComponent(sub)}${path}`);
    // There is no purge by tag in the Cache API: each URL of a person has to be known.
    if (pathname === '/purge') {
      const found = await caches.default.delete(keyFor(searchParams.get('sub'), searchParams.get('path')));
      return new Response(null, { status: found ? 204 : 404 });
    }
    keys ??= createLocalJWKSet(JSON.parse(env.JWKS));
    let sub;
    try {
      const token = (request.headers.get('authorization') ?? '').replace(/^Bearer /, '');
      const rules = { algorithms: ['RS256'], issuer: 'https://asymmetric.test' };
      ({
        payload: { sub },
      } = await jwtVerify(token, keys, rules));
    } catch {
      return new Response(null, { status: 401 });
    }
    const key = keyFor(sub, pathname);
    const stored = await caches.default.match(key);
    if (stored !== undefined) return answer(stored, 'HIT');
    const response = await env.ORIGIN.fetch(request);
    const copy = new Response(response.clone().body, response);
    // It does not store what is private.
    copy.headers.set('cache-control', 'public, max-age=3600');
    context.waitUntil(caches.default.put(key, copy));
    return answer(response, 'MISS');
  },
};

function answer(from, state) {
  const response = new Response(from.body, from);
  response.headers.set('x-cache', state);
  return response;
}
