// The service with handlers of its own. They are registered while the image is made, before any request.
import { createHandlers, serve } from 'claimcache';
import policy from 'test-policy';

let served = 0;

const handlers = createHandlers()
  .use(async (_, next) => {
    const response = await next();
    response.headers.set('x-content-type-options', 'nosniff');
    return response;
  })
  .get(
    '/old/:id',
    ({ params }) => new Response(null, { status: 301, headers: { location: `/new/${params.id}` } }),
  )
  .get('/served', () => new Response(String(++served)))
  .get('/me', ({ rewrite }) => void rewrite('/api/orders'))
  .get('/leak', async ({ rewrite }, next) => {
    rewrite('/api/orders');
    const response = await next();
    response.headers.set('cache-control', 'public, max-age=600');
    return response;
  })
  .get('/broken', () => {
    throw new Error('secret detail');
  });

serve(policy, handlers);
