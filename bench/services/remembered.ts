import { reuseSandbox } from '../../src/fastly/sandbox.ts';
import { filledTokenMemory } from './support/fill-token-memory.ts';

// The floor, with 100 tokens in memory, which is walked by the collection after each request.
const memory = filledTokenMemory(100);
reuseSandbox({ sandboxRequests: 1000, sandboxIdleMs: 1000 });
addEventListener('fetch', (event) =>
  event.respondWith(new Response(memory.read('') === null ? 'hello' : 'never')),
);
