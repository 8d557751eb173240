import { test } from 'node:test';
import { expectHit, expectIsolated, testEdge } from 'claimcache/testing';
import policy from '../src/policy.ts';

const origin = () => new Response('<p>page', { headers: { 'cache-control': 'max-age=60' } });
/** What the application would say of these sessions. */
const alice = { as: { sub: '42' } };
const bob = { as: { sub: '43' } };

for (const path of ['/', '/account/orders']) {
  test(`${path} is cached for one person, and nobody gets another's`, async () => {
    const edge = await testEdge(policy, { origin });
    await expectIsolated(edge, path, [alice, bob]);
    await expectHit(edge, path, alice);
  });
}

test('the home page is cached once for all visitors', async () => {
  const edge = await testEdge(policy, { origin });
  await expectHit(edge, '/');
});
