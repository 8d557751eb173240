import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expectHit, expectIsolated, expectNeverStored, testEdge } from 'claimcache/testing';
import { expect, test } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';

const readme = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');
const [, source = ''] = /```ts\n(import \{ definePolicy \}[\s\S]*?)```/.exec(readme) ?? [];
const body = source.replace(/^import .*$/m, '').replace('export default', 'return');
const policy = new Function('definePolicy', body)((input: unknown) => input);

test('the policy of the README compiles, as it stands there', () => {
  expect(Array.from(compilePolicy(policy).routes, ({ name }) => name)).toEqual([
    'orders',
    'report',
    'assets',
  ]);
});

test('the policy of the README caches as the README says', async () => {
  const member = (sub: string) => ({ as: { sub, tenant: { id: 'acme' }, role: 'member' } });
  const edge = await testEdge(policy, {
    origin: ({ url }) =>
      Response.json(url, {
        headers: { 'cache-control': url.endsWith('/report') ? 'public, max-age=60' : 'private, max-age=60' },
      }),
  });
  await expectIsolated(edge, '/api/orders', [member('42'), member('43')]);
  await expectHit(edge, '/api/orders', member('42'));
  expect(edge.logs.at(-1)?.lane).toBe('scoped');

  await edge.fetch('/api/team/report', member('42'));
  const shared = await edge.fetch('/api/team/report', member('43'));
  expect(shared.headers.get('x-cache')).toBe('HIT');

  expect((await edge.fetch('/api/orders')).status).toBe(401);
  await expectNeverStored(edge, '/anything', { headers: { authorization: 'Bearer of-another-site' } });
  await edge.purge('user', '42');
  const states = await Promise.all(
    ['42', '43'].map(async (sub) => (await edge.fetch('/api/orders', member(sub))).headers.get('x-cache')),
  );
  expect(states).toEqual(['MISS', 'HIT']);
});
