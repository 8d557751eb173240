import { afterAll, beforeAll, expect, it } from 'vitest';
import { canaryOf, personNamed } from '../site/people.ts';
import { buildService } from '../support/build-service.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { type RunningOrigin, startOrigin } from '../support/start-origin.ts';
import { ask, tokenOf } from './support/client.ts';

const alice = personNamed('alice');
let origin: RunningOrigin;
let edge: RunningEdge;
let token: string;

beforeAll(async () => {
  if (alice === undefined) throw new Error('no alice');
  origin = await startOrigin();
  const wasm = await buildService({ name: 'own-handlers', entry: 'test/edge/services/own-handlers.ts' });
  edge = await startEdge({ originUrl: origin.url, wasm });
  token = await tokenOf(alice);
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
});

it('a redirect with a param, which nobody else keeps', async () => {
  const answer = await ask(edge, null, '/old/7');
  expect(answer.status).toBe(301);
  expect(answer.headers).toMatchObject({
    location: '/new/7',
    'cache-control': 'private, no-store, max-age=0',
    'x-content-type-options': 'nosniff',
  });
});

it('a rewrite goes through verification and the cache of the new path', async () => {
  expect((await ask(edge, null, '/me')).status).toBe(401);
  const first = await ask(edge, token, '/me');
  expect(first).toMatchObject({ status: 200, cache: 'MISS' });
  expect(first.text).toContain(alice === undefined ? '' : canaryOf(alice));
  expect(await ask(edge, token, '/api/orders')).toMatchObject({ cache: 'HIT', text: first.text });
});

it('a handler can add a header to every answer, refusals too, and cannot make a private one public', async () => {
  expect((await ask(edge, null, '/api/orders')).headers['x-content-type-options']).toBe('nosniff');
  const leak = await ask(edge, token, '/leak');
  expect(leak.status).toBe(200);
  expect(leak.headers['cache-control']).toBe('private, no-cache');
});

it('what a handler throws is a 500 that says nothing, and the cause stands in the log', async () => {
  const answer = await ask(edge, null, '/broken');
  expect(answer.status).toBe(500);
  expect(answer.text).not.toContain('secret');
  // The handler that adds headers to every answer is not passed over.
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  await expect
    .poll(() => edge.logs().at(-1))
    .toMatchObject({ code: 'ERR_INTERNAL', cause: 'Error: secret detail' });
});

it('one sandbox serves many requests', async () => {
  const counts: number[] = [];
  for (let i = 0; i < 8; i++) counts.push(Number((await ask(edge, null, '/served')).text));
  expect(Math.max(...counts)).toBeGreaterThan(1);
});
