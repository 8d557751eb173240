import { createHandlers } from 'claimcache';

/**
 * Routes of your own, before the lanes: redirects, rewrites, synthetic answers, security headers. docs/how-to/handlers.md has
 * examples. A request that matches none goes straight to the lanes.
 *
 * @example
 * handlers.get('/old/:id', ({ params }) => new Response(null, { status: 301, headers: { location: `/new/${params.id}` } }));
 */
const handlers = createHandlers();

export default handlers;
