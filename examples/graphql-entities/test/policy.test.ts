import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testEdge } from 'claimcache/testing';
import policy from '../src/policy.ts';

/** Whatever the edge asks for beside the client, this answers as a server of GraphQL would: with one todo. */
function origin(query: string) {
  const names = [...query.matchAll(/(\w+):__typename|(\w+):id/g)];
  const added = names.map(([, type, id]) => (type ? [type, 'Todo'] : [id, '1']));
  return Response.json({ data: { todos: [{ ...Object.fromEntries(added), title: 'one' }] } });
}
const ask = (sub: string) => ({
  as: { sub },
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: '{ todos { title } }' }),
});

test('an answer is cached for one person, and purged by an object that is in it', async () => {
  const edge = await testEdge(policy, {
    origin: async (request) => origin(((await request.json()) as { query: string }).query),
  });
  const state = async (sub: string) => (await edge.fetch('/graphql', ask(sub))).headers.get('x-cache');
  assert.deepEqual([await state('42'), await state('42'), await state('43')], ['MISS', 'HIT', 'MISS']);
  await edge.purgeKeys('type:Todo:1', 'type:Todo:~');
  assert.equal(await state('42'), 'MISS');
});
