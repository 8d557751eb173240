import { createHandlers } from 'claimcache';

/**
 * Routes of your own, before the cache: redirects, rewrites, answers of the edge itself.
 *
 * @example
 * handlers.get('/old/:id', ({ params }) => new Response(null, { status: 301, headers: { location: `/new/${params.id}` } }));
 */
const handlers = createHandlers();

export default handlers;
