import { test } from 'node:test';
import { expectHit, expectIsolated, expectNeverStored, testEdge } from 'claimcache/testing';
import policy from '../src/policy.ts';

const origin = () => new Response('<p>page', { headers: { 'cache-control': 'max-age=60' } });
/** What belongs to several people has to say so. */
const shared = () => new Response('<p>page', { headers: { 'cache-control': 'public, max-age=60' } });
/** What WordPress would say of these members. */
const alice = { as: { sub: '42', membership: 'gold' } };
const bob = { as: { sub: '43', membership: 'gold' } };
const carol = { as: { sub: '44', membership: 'silver' } };

test('an article is cached for a membership, and no other membership gets it', async () => {
  const edge = await testEdge(policy, { origin: shared });
  await expectIsolated(edge, '/members/articles/spring', [alice, carol]);
  await expectHit(edge, '/members/articles/spring', bob);
});

test('a profile is cached for one member, and nobody gets another’s', async () => {
  const edge = await testEdge(policy, { origin });
  await expectIsolated(edge, '/members/profile', [alice, bob]);
  await expectHit(edge, '/members/profile', alice);
});

test('the admin pages and previews are never stored', async () => {
  const edge = await testEdge(policy, { origin });
  await expectNeverStored(edge, '/wp-admin/index.php');
  await expectNeverStored(edge, '/members/articles/spring?preview=true', alice);
});
