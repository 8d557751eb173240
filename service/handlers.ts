import { createHandlers, type Handler } from 'claimcache';

/**
 * Routes of your own, before the lanes: redirects, rewrites, synthetic answers, security headers. docs/how-to/handlers.md has
 * examples. A request that matches none goes straight to the lanes.
 *
 * @example
 * handlers.get('/old/:id', ({ params }) => new Response(null, { status: 301, headers: { location: `/new/${params.id}` } }));
 */
const handlers = createHandlers();

/**
 * Server Timing (W3C): what a page of the demo is told of its own response, also where no script sees the headers, as of the document itself.
 */
const tellTimings: Handler = async (_context, next) => {
  const startedMs = performance.now();
  const response = await next();
  const { headers } = response;
  const told = ['x-cache', 'cache-status', 'age'].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [`${name};desc="${value.replace(/["\\]/g, '\\$&')}"`];
  });
  const edgeMs = (performance.now() - startedMs).toFixed(1);
  headers.set('server-timing', [...told, `edge;dur=${edgeMs}`].join(', '));
  return response;
};
for (const pattern of ['/api/**', '/members/**', '/pages/**', '/preview/**'])
  handlers.use(pattern, tellTimings);

export default handlers;
