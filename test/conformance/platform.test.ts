import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Answer } from '../support/send.ts';
import { edge, unseen } from './support/edge.ts';
import { expectOriginRequests } from './support/origin.ts';
import { renderOf } from './support/pages.ts';

/**
 * How the platform's cache is read: what it remembers, hands on and adds. On a deployed service these tests say which of our
 * readings of it are right. Sources of what docs/proof/conformance.md#where-the-engines-differ says: `transaction_record_not_cacheable`
 * (markers), `http_cache_lookup_options` (no timeout; js-compute up to 4.0 offers none), "Streaming Miss" (bodies),
 * `transaction_abandon` (purges during a fetch), `transaction_update_and_return_fresh` (a 304 that forbids storing). Hooks run on
 * responses only, so that a refresh without one fails late. An empty rule of variants is rejected by the local server.
 */
type Echo = { readonly headers: Readonly<Record<string, string>> };

/** Another answer of the same key, once the first has become stale. */
async function whenStale(target: string): Promise<readonly [Answer, Answer]> {
  const first = await edge(target);
  expect(first.status).toBe(200);
  await sleep(2100);
  return [first, await edge(target)];
}

it.each(['headers', 'headers-no-store'])(
  'no header of the platform’s cache reaches the origin: %s',
  async (mode) => {
    const target = unseen(`/lab/${mode}`);
    // The second request for what may not be stored goes past a marker.
    for (const answer of [await edge(target), await edge(target)]) {
      const names = Object.keys(answer.json<Echo>().headers);
      expect(
        names.filter((name) => /^(?:fastly-xqd|surrogate-|x-claimcache-(?:fingerprint|object))/.test(name)),
      ).toEqual([]);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-claimcache-'))).toEqual([]);
    }
  },
);

it('a second after one failure, twenty at once are one request of the origin', async () => {
  const target = unseen('/lab/error-once');
  expect((await edge(target)).status).toBe(503);
  await sleep(1500);
  const answers = await expectOriginRequests(1, () =>
    Promise.all(Array.from({ length: 20 }, () => edge(target))),
  );
  expect(new Set(answers.map(renderOf)).size).toBe(1);
});

it('a part of a large stored body is 206, and the very bytes', async () => {
  const target = unseen('/lab/large');
  const whole = await edge(target);
  expect(whole.bytes.length).toBeGreaterThan(10_000_000);
  const part = await edge(target, { headers: { range: 'bytes=5000000-5000999' } });
  expect([part.status, part.cache, part.headers['content-range']]).toEqual([
    206,
    'HIT',
    `bytes 5000000-5000999/${whole.bytes.length}`,
  ]);
  expect(part.bytes.equals(whole.bytes.subarray(5_000_000, 5_001_000))).toBe(true);
});

// What follows waits for something to get old, and counts no requests: all at the same time.
it.concurrent('no-store beside a max-age of a day keeps the key from being stored for ten seconds, not for a day', async () => {
  const target = unseen('/lab/no-store-once');
  expect((await edge(target)).cache).toBe('MISS');
  await sleep(11_000);
  const states = [await edge(target), await edge(target)].map(({ cache }) => cache);
  expect(states).toEqual(['MISS', 'HIT']);
});

it.concurrent('a refresh that fails leaves the stale page where it is', async () => {
  const target = unseen('/lab/refresh-fails');
  const [first, second] = await whenStale(target);
  expect([second.status, second.cache]).toEqual([200, 'STALE']);
  await sleep(500);
  const third = await edge(target);
  expect([third.status, third.cache, renderOf(third)]).toEqual([200, 'STALE', renderOf(first)]);
});

it.concurrent('stale-if-error shows the stale page in the place of an error, must-revalidate does not', async () => {
  const [first, stale] = await whenStale(unseen('/lab/stale-if-error'));
  expect([stale.status, stale.cache, renderOf(stale)]).toEqual([200, 'STALE', renderOf(first)]);
  const [, error] = await whenStale(unseen('/lab/must-revalidate'));
  expect([error.status, error.cache]).toEqual([503, 'MISS']);
});

it.concurrent('Age and ttl are whole seconds, and nothing is left of what is stale', async () => {
  const target = unseen('/lab/cacheable');
  await edge(target);
  await sleep(2100);
  const { headers } = await edge(target);
  expect(headers.age).toMatch(/^[2-9]$/);
  expect(String(headers['cache-status'])).toMatch(/ttl=29[0-8](?:;|$)/);
  const [, stale] = await whenStale(unseen('/lab/stale'));
  expect(stale.headers.age).toMatch(/^[2-9]$/);
  expect(String(stale.headers['cache-status'])).toBe('claimcache;hit;detail=while-revalidate');
});

it.concurrent('a 304 renews what is stored, and the stored body goes out', async () => {
  const target = unseen('/lab/renewed');
  const [first, second] = await whenStale(target);
  expect([second.status, second.cache, renderOf(second)]).toEqual([200, 'MISS', renderOf(first)]);
  const third = await edge(target);
  expect([third.cache, renderOf(third), third.bytes.length]).toEqual([
    'HIT',
    renderOf(first),
    first.bytes.length,
  ]);
});

it.concurrent('a body that was cut off is one failure, and the next request is answered', async () => {
  const target = unseen('/lab/cut-once');
  const broken = await edge(target).catch(() => null);
  expect(broken?.status ?? 502).toBe(502);
  // The origin failed: for a second every request asks for itself.
  await sleep(1500);
  const states = [await edge(target), await edge(target)].map(({ status, cache }) => [status, cache]);
  expect(states).toEqual([
    [200, 'MISS'],
    [200, 'HIT'],
  ]);
});
