import { AssertionError } from 'node:assert';
import { adviceOnPlan, adviceOnState } from './advice.ts';
import type { TestEdge, TestRequest } from './test-edge.ts';
import type { TestPlan } from './test-plan.ts';

/** Plain functions that throw an `AssertionError`: for vitest, jest and node:test alike. */

/**
 * Two people never share an answer on a path: their entries have different keys, nothing that one has fetched is a HIT for the
 * other, and the first one's page is still their own after that.
 *
 * @throws {AssertionError} also where nobody is verified on that path, so that nothing keeps people apart.
 *
 * @example
 * await expectIsolated(edge, '/api/orders', [{ as: { sub: '42' } }, { as: { sub: '43' } }]);
 */
export async function expectIsolated(
  edge: TestEdge,
  path: string,
  [one, other]: readonly [TestRequest, TestRequest],
): Promise<void> {
  const fail = failure('expectIsolated', path, other);
  const [first, second] = [await edge.plan(path, one), await edge.plan(path, other)];
  for (const [request, plan] of [
    [one, first],
    [other, second],
  ] as const) {
    if (plan.lane !== 'scoped')
      failure(
        'expectIsolated',
        path,
        request,
      )({
        what: `is not kept apart by person, ${wordsOf(plan)}`,
        fix: adviceOnPlan(plan),
        got: plan.lane,
        want: 'scoped',
      });
  }
  if (first.keyDigest === second.keyDigest) {
    const keys = second.surrogateKeys.join(' ');
    const fix = `let the claims of the scope ${second.scope} tell these two apart (\`claims: 'sub'\` is one person), or send two requests that differ in them.`;
    fail({
      what: `is one entry for both requests (scope ${second.scope}, surrogate keys ${keys})`,
      fix,
      got: 'the same key',
      want: 'another key',
    });
  }
  const before = await edge.fetch(path, one);
  const asked = edge.originRequests.length;
  const state = stateOf(await edge.fetch(path, other));
  if (state === 'HIT' || state === 'STALE' || edge.originRequests.length === asked) {
    const fix =
      'this is a leak, or the second person had asked before: begin with a new edge. If it stays, report it.';
    fail({ what: `is a ${state} for who had not asked before`, fix, got: state, want: 'MISS' });
  }
  const again = await edge.fetch(path, one);
  if (stateOf(again) === 'HIT' && (await again.text()) !== (await before.text())) {
    const fix = 'this is a leak: report it.';
    fail({
      what: 'shows the first person another page than their own',
      fix,
      got: 'another page',
      want: 'their own',
    });
  }
}

/**
 * The second request for a path is answered from the cache.
 *
 * @example
 * await expectHit(edge, '/api/orders', { as: { sub: '42' } });
 */
export async function expectHit(edge: TestEdge, path: string, request: TestRequest = {}): Promise<void> {
  const fail = failure('expectHit', path, request);
  const plan = await edge.plan(path, request);
  if (plan.keyDigest === null)
    fail({
      what: `is never looked for in the cache, ${wordsOf(plan)}`,
      fix: adviceOnPlan(plan),
      got: plan.lane,
      want: 'scoped or public',
    });
  await edge.fetch(path, request);
  const response = await edge.fetch(path, request);
  const state = stateOf(response);
  if (state === 'HIT') return;
  const { reason, detail } = lastOf(edge);
  const what = `is a ${state} the second time (status ${response.status}, ${[reason, detail].filter(Boolean).join(', ')})`;
  fail({ what, fix: adviceOnState(edge), got: state, want: 'HIT' });
}

/**
 * Nothing of a path is ever answered from the cache.
 *
 * @throws {AssertionError} also where the edge refuses the request, so that nothing could have been stored.
 *
 * @example
 * await expectNeverStored(edge, '/api/payment-methods', { as: { sub: '42' } });
 */
export async function expectNeverStored(
  edge: TestEdge,
  path: string,
  request: TestRequest = {},
): Promise<void> {
  const fail = failure('expectNeverStored', path, request);
  const plan = await edge.plan(path, request);
  if (plan.status !== null)
    fail({
      what: `is refused, so that this proves nothing, ${wordsOf(plan)}`,
      fix: adviceOnPlan(plan),
      got: plan.status,
      want: "the origin's answer",
    });
  for (let i = 1; i <= 3; i++) {
    const response = await edge.fetch(path, request);
    const [state, status] = [stateOf(response), response.headers.get('cache-status') ?? ''];
    if (state !== 'HIT' && state !== 'STALE' && !/;stored\b/.test(status)) continue;
    const what = `was stored: request ${i} is a ${state}, ${wordsOf(plan)}`;
    const fix = `write \`cache: false\` into the route ${plan.route === 'default' ? 'that this path has to get (it has none)' : plan.route}; an origin that sends \`Cache-Control: no-store\` is obeyed too.`;
    fail({ what, fix, got: state, want: 'MISS or BYPASS' });
  }
}

interface Failure {
  readonly what: string;
  readonly fix: string;
  readonly got: unknown;
  readonly want: unknown;
}

/** A function that fails: which expectation, of which request; what is wrong; what to do. */
function failure(name: string, path: string, { method = 'GET', as }: TestRequest): (facts: Failure) => never {
  const who = as === undefined ? 'without a token' : `as ${JSON.stringify(as)}`;
  return ({ what, fix, got, want }) => {
    const message = `${name}: ${method} ${path} ${who} ${what}.\nFix: ${fix}`;
    throw new AssertionError({ message, actual: got, expected: want, operator: name });
  };
}

const wordsOf = ({ lane, reason, route, status, code }: TestPlan) =>
  [`lane ${lane} (${reason})`, `route ${route}`, status === null ? '' : `${status} ${code}`]
    .filter(Boolean)
    .join(', ');
const stateOf = (response: Response) => response.headers.get('x-cache');
const lastOf = ({ logs }: TestEdge) => logs.at(-1) ?? { reason: '', detail: '' };
