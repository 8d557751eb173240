import { createEdge } from './edge-handlers/create-edge.ts';

/**
 * Routes of your own, before the lanes: redirects, rewrites, synthetic answers, security headers. docs/handlers.md has
 * examples. A request that matches none goes straight to the lanes.
 *
 * @example
 * edge.get('/old/:id', ({ params }) => new Response(null, { status: 301, headers: { location: `/new/${params.id}` } }));
 */
const edge = createEdge();

export default edge;
