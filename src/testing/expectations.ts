import { AssertionError } from 'node:assert';
import type { TestEdge, TestRequest } from './test-edge.ts';

/** Plain functions that throw an `AssertionError`: for vitest, jest and node:test alike. */

/**
 * Two people never share an answer on a path: their entries have different keys, nothing that one has fetched is a HIT for the
 * other, and what each gets stays their own.
 *
 * @throws {AssertionError} also where nobody is verified on that path, or nothing of it is cached for a person.
 *
 * @example
 * await expectIsolated(edge, '/api/orders', [{ as: { sub: '42' } }, { as: { sub: '43' } }]);
 */
export async function expectIsolated(
  edge: TestEdge,
  path: string,
  [one, other]: readonly [TestRequest, TestRequest],
): Promise<void> {
  const plans = [await edge.plan(path, one), await edge.plan(path, other)];
  for (const { lane, reason } of plans) {
    if (lane !== 'scoped') fail(`${path} is not scoped: its lane is ${lane} (${reason})`, lane, 'scoped');
  }
  if (plans[0]?.keyDigest === plans[1]?.keyDigest) {
    fail(`${path}: both requests have the same cache key`, plans[1]?.keyDigest, 'another key');
  }
  await edge.fetch(path, one);
  const asked = edge.originRequests.length;
  const first = await edge.fetch(path, other);
  const state = first.headers.get('x-cache');
  if (state === 'HIT' || state === 'STALE')
    fail(`${path}: what one has fetched is a ${state} for the other`, state, 'MISS');
  if (edge.originRequests.length === asked) {
    fail(`${path}: the origin was not asked for the other's page`, asked, asked + 1);
  }
}

/**
 * The second request for a path is answered from the cache.
 *
 * @example
 * await expectHit(edge, '/api/orders', { as: { sub: '42' } });
 */
export async function expectHit(edge: TestEdge, path: string, request: TestRequest = {}): Promise<void> {
  await edge.fetch(path, request);
  const asked = edge.originRequests.length;
  const state = (await edge.fetch(path, request)).headers.get('x-cache');
  if (state !== 'HIT') fail(`${path}: the second request is a ${state} (${whyOf(edge)})`, state, 'HIT');
  if (edge.originRequests.length !== asked) {
    fail(`${path}: the origin was asked again`, edge.originRequests.length, asked);
  }
}

/**
 * Nothing of a path is ever answered from the cache.
 *
 * @example
 * await expectNeverStored(edge, '/api/payment-methods', { as: { sub: '42' } });
 */
export async function expectNeverStored(
  edge: TestEdge,
  path: string,
  request: TestRequest = {},
): Promise<void> {
  for (let i = 0; i < 3; i++) {
    const state = (await edge.fetch(path, request)).headers.get('x-cache');
    if (state === 'HIT' || state === 'STALE')
      fail(`${path} was stored: request ${i + 1} is a ${state}`, state, 'MISS or BYPASS');
  }
}

/** What the log says of the last request. */
function whyOf({ logs }: TestEdge): string {
  const last = logs.at(-1);
  return last === undefined ? 'no line in the log' : [last.reason, last.detail].filter(Boolean).join(', ');
}

function fail(message: string, actual: unknown, expected: unknown): never {
  throw new AssertionError({ message, actual, expected });
}
