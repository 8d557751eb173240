import { createHandlers } from 'claimcache';

const handlers = createHandlers();

handlers.get('/robots.txt', () => new Response('User-agent: *\n'));

export default handlers;
