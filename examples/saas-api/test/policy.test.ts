import { test } from 'node:test';
import { expectHit, expectIsolated, testEdge } from 'claimcache/testing';
import policy from '../src/policy.ts';

/** Your application, as far as these tests go: what it answers may be stored for a minute. */
const origin = () => Response.json({}, { headers: { 'cache-control': 'max-age=60' } });
/** What belongs to several people has to say so. */
const shared = () => Response.json({}, { headers: { 'cache-control': 'public, max-age=60' } });
const alice = { as: { sub: 'auth0|1', org_id: 'org_acme' } };
const bob = { as: { sub: 'auth0|2', org_id: 'org_acme' } };
const carol = { as: { sub: 'auth0|3', org_id: 'org_globex' } };

for (const path of ['/api/me', '/api/invoices/2026-11']) {
  test(`${path} is cached for one person, and nobody gets another's`, async () => {
    const edge = await testEdge(policy, { origin });
    await expectIsolated(edge, path, [alice, bob]);
    await expectHit(edge, path, alice);
  });
}

test('a report is cached for an organisation, and no other organisation gets it', async () => {
  const edge = await testEdge(policy, { origin: shared });
  await expectIsolated(edge, '/api/reports/sales', [alice, carol]);
  await expectHit(edge, '/api/reports/sales', bob);
});
