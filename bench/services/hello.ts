import { reuseSandbox } from '../../src/fastly/sandbox.ts';

// The floor: what the runtime and the local server cost for an answer without a thought.
reuseSandbox({ sandboxRequests: 1000, sandboxIdleMs: 1000 });
addEventListener('fetch', (event) => event.respondWith(new Response('hello')));
