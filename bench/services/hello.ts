import { setReusableSandboxOptions } from 'fastly:experimental';

// The floor: what the runtime and the local server cost for an answer without a thought.
setReusableSandboxOptions({ maxRequests: 1000, betweenRequestTimeoutMs: 5000, maxMemoryMiB: 96 });
addEventListener('fetch', (event) => event.respondWith(new Response('hello')));
