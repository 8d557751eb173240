import { expect, it } from 'vitest';
import { BAD_TOKENS } from './support/bad-tokens.ts';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { expectOriginRequests } from './support/origin.ts';
import { PERSONAL_PATHS } from './support/pages.ts';
import { alice, logIn } from './support/people.ts';
import { warm } from './support/warm.ts';

it('OPTIONS neither authenticates nor purges', async () => {
  const targets = PERSONAL_PATHS.slice(0, 3).map(unseen);
  const token = await logIn(alice);
  for (const target of targets) await warm(token, target);
  const preflight = {
    origin: 'https://app.example',
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization',
  };
  const expired = (await BAD_TOKENS['has expired']?.()) ?? '';
  for (const target of targets) {
    for (const headers of [
      preflight,
      { ...preflight, authorization: `Bearer ${token}` },
      { ...preflight, authorization: `Bearer ${expired}` },
      { authorization: `Bearer ${token}` },
      {},
    ]) {
      const answer = await edge(target, { method: 'OPTIONS', headers });
      expect(answer.status, target).toBeLessThan(300);
      expect(answer.cache).not.toBe('HIT');
    }
    expect((await edgeAs(token, target)).cache, target).toBe('HIT');
  }
});

it.each([
  ['PURGE', 405],
  ['TRACE', 405],
  ['TRACK', 405],
  ['PROPFIND', 501],
])('%s is refused with %i, reaches no origin, and purges nothing', async (method, status) => {
  const target = unseen('/api/orders');
  const token = await logIn(alice);
  await warm(token, target);
  for (const path of [target, unseen('/pages/welcome'), '/api/profile']) {
    const answer = await expectOriginRequests(0, () => edgeAs(token, path, { method }));
    expect(answer.status).toBe(status);
  }
  expect((await edgeAs(token, target)).cache).toBe('HIT');
});

it('a GET with a body reads around the cache', async () => {
  const target = unseen('/api/orders');
  const token = await logIn(alice);
  await warm(token, target);
  const answer = await expectOriginRequests(1, () =>
    edgeAs(token, target, { headers: { 'content-type': 'application/json' }, body: '{}' }),
  );
  expect(answer.cache).toBe('BYPASS');
  const other = unseen('/lab/cacheable');
  expect((await edge(other, { headers: { 'content-type': 'application/json' }, body: '{}' })).cache).toBe(
    'BYPASS',
  );
  expect((await edge(other)).cache).toBe('MISS');
});
