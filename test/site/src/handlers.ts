import { createHandlers } from 'claimcache';

/** None of its own. */
const handlers = createHandlers();

export default handlers;
