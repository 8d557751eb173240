import { test } from 'node:test';
import { expectHit, expectIsolated, expectNeverStored, testEdge } from 'claimcache/testing';
import policy from '../src/policy.ts';

const origin = () => new Response('<p>page', { headers: { 'cache-control': 'max-age=60' } });
const alice = { as: { sub: '42' } };
const bob = { as: { sub: '43' } };

test('an article is cached once for everybody', async () => {
  const edge = await testEdge(policy, { origin });
  await expectHit(edge, '/blog/hello');
});

test('a draft is never stored', async () => {
  const edge = await testEdge(policy, { origin });
  await expectNeverStored(edge, '/blog/hello', { headers: { cookie: '__prerender_bypass=1' } });
});

test('an account is cached for one person, and nobody gets another’s', async () => {
  const edge = await testEdge(policy, { origin });
  await expectIsolated(edge, '/account/orders', [alice, bob]);
  await expectHit(edge, '/account/orders', alice);
});
