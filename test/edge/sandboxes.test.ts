import { expect, it } from 'vitest';
import { buildService } from '../support/build-service.ts';
import { startEdge } from '../support/start-edge.ts';
import { ask } from './support/client.ts';
import { ONE_REQUEST } from './support/scripted-stack.ts';

const entry = 'test/edge/services/own-handlers.ts';

/** What the sandboxes of eight requests, one after the other, have counted. */
async function served(wasm: string): Promise<number[]> {
  const edge = await startEdge({ originUrl: 'http://127.0.0.1:1', wasm });
  try {
    const counts: number[] = [];
    for (let i = 0; i < 8; i++) counts.push(Number((await ask(edge, null, '/served')).text));
    return counts;
  } finally {
    await edge.stop();
  }
}

it('one sandbox serves many requests', async () => {
  const counts = await served(await buildService({ name: 'own-handlers', entry }));
  expect(Math.max(...counts)).toBeGreaterThan(1);
});

it('limits.sandboxRequests: 1 gives each request one of its own', async () => {
  const counts = await served(await buildService(ONE_REQUEST));
  expect(counts).toEqual(Array(8).fill(1));
});
