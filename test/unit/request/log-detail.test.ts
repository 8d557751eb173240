import { expect, it } from 'vitest';
import { testEdge } from '../../../src/testing/index.ts';

it('a pass that follows a look-up keeps in the log what the look-up told', async () => {
  const edge = await testEdge(
    {
      origins: { app: { backend: 'origin' } },
      fallback: 'public',
      routes: { page: { path: '/page', lane: 'public' } },
    },
    {
      origin: () =>
        new Response('one', {
          headers: { 'cache-control': 'max-age=60', vary: 'x-beta', 'content-type': 'text/plain' },
        }),
    },
  );
  await edge.fetch('/page');
  await edge.fetch('/page', { headers: { 'x-beta': '1' } });
  expect(edge.logs.at(-1)).toMatchObject({
    lane: 'pass',
    reason: 'vary-unkeyed',
    state: 'BYPASS',
    detail: 'fresh',
  });
});
