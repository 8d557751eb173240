import { reuseSandbox } from '../../src/fastly/sandbox.ts';
import { filledTokenMemory } from './support/fill-token-memory.ts';

// The floor, with the memory of tokens, and none in it.
const memory = filledTokenMemory(0);
reuseSandbox({ sandboxRequests: 1000, sandboxIdleMs: 1000 });
addEventListener('fetch', (event) =>
  event.respondWith(new Response(memory.read('') === null ? 'hello' : 'never')),
);
