// The service with a handler whose answer is tagged, as one that comes from an origin would be.
import { createHandlers, serve } from 'claimcache';
import policy from 'test-policy';

const TAGS = { 'surrogate-key': 'a', 'cache-tag': 'b', xkey: 'c' };

serve(
  policy,
  createHandlers()
    .get('/handled', () => new Response('handled', { headers: TAGS }))
    .get('/live/retagged', async (_, next) => {
      const response = await next();
      return new Response(response.body, { headers: TAGS });
    }),
);
