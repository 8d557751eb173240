import { describe, expect, it } from 'vitest';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { expectOriginRequests } from './support/origin.ts';
import { PERSONAL_PATHS, renderOf } from './support/pages.ts';
import { alice, expectPageOf, logIn, PEOPLE } from './support/people.ts';

describe.each(PEOPLE)('$name', (person) => {
  it.each(PERSONAL_PATHS)('misses, then hits, on %s, and reads a page of their own', async (path) => {
    const token = await logIn(person);
    const target = unseen(path);

    const first = await expectOriginRequests(1, () => edgeAs(token, target));
    expect(first.cache).toBe('MISS');
    expectPageOf(person, first);

    const second = await expectOriginRequests(0, () => edgeAs(token, target));
    expect(second.cache).toBe('HIT');
    expectPageOf(person, second);
    expect(second.text).toBe(first.text);
  });
});

it('three people who ask for one address get three entries', async () => {
  const target = unseen('/api/orders');
  const tokens = await Promise.all(PEOPLE.map((person) => logIn(person)));
  for (const token of tokens) expect((await edgeAs(token, target)).cache).toBe('MISS');
  await expectOriginRequests(0, async () => {
    for (const [i, person] of PEOPLE.entries()) {
      const again = await edgeAs(tokens[i] as string, target);
      expect(again.cache).toBe('HIT');
      expectPageOf(person, again);
    }
  });
});

it('a refreshed token of the same person still hits', async () => {
  const target = unseen('/api/dashboard');
  const [token, refreshed] = [await logIn(alice), await logIn(alice)];
  expect(refreshed).not.toBe(token);
  const first = await edgeAs(token, target);
  const second = await expectOriginRequests(0, () => edgeAs(refreshed, target));
  expect(second.cache).toBe('HIT');
  expect(renderOf(second)).toBe(renderOf(first));
});

it('a token in the cookie and the same token in the header share an entry', async () => {
  const target = unseen('/api/orders');
  const token = await logIn(alice);
  const first = await edge(target, { headers: { cookie: `other=1; session=${token}` } });
  expect(first.cache).toBe('MISS');
  expectPageOf(alice, first);
  const second = await expectOriginRequests(0, () => edgeAs(token, target));
  expect(second.cache).toBe('HIT');
  expect(renderOf(second)).toBe(renderOf(first));
});

it('HEAD is answered from what GET stored, and GET from what HEAD fetched', async () => {
  const token = await logIn(alice);
  for (const [first, second] of [
    ['GET', 'HEAD'],
    ['HEAD', 'GET'],
  ] as const) {
    const target = unseen('/api/orders');
    const miss = await edgeAs(token, target, { method: first });
    expect(miss.cache, `${first} first`).toBe('MISS');
    const hit = await expectOriginRequests(0, () => edgeAs(token, target, { method: second }));
    expect(hit.cache, `${second} second`).toBe('HIT');
    const [head, get] = first === 'HEAD' ? [miss, hit] : [hit, miss];
    expect(head.status).toBe(200);
    expect(head.bytes).toHaveLength(0);
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
    expectPageOf(alice, get);
  }
});

it('parameters that never change a page are not part of the key, and the others are, in any order', async () => {
  const token = await logIn(alice);
  const target = unseen('/api/orders?b=2&a=1');
  const first = await edgeAs(token, target);
  const [path, query = ''] = target.split('?');
  const reordered = `${path}?utm_source=x&${query.split('&').reverse().join('&')}&gclid=y`;
  const second = await expectOriginRequests(0, () => edgeAs(token, reordered));
  expect(renderOf(second)).toBe(renderOf(first));
  expect((await edgeAs(token, `${target}&page=2`)).cache).toBe('MISS');
});
