// The service with handlers that read bodies, answer oddly, and rewrite to where they must not.
import { createHandlers, serve } from 'claimcache';
import policy from 'test-policy';

const handlers = createHandlers()
  .post('/read', async ({ request }) => new Response(await request.text()))
  .get('/own/half-private', async (_, next) => {
    const response = await next();
    response.headers.set('cache-control', 'private="x", max-age=600');
    return response;
  })
  .get('/no-response', () => 'text' as unknown as Response)
  .get('/wrong-length', () => new Response('hello', { headers: { 'content-length': '3' } }))
  .get('/pass/wrong-length', async (_, next) => {
    const response = await next();
    response.headers.set('content-length', '3');
    return response;
  })
  .get('/rewritten', ({ rewrite, query }) => void rewrite(query.get('to') ?? '/'));

serve(policy, handlers);
