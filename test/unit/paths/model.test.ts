import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EdgeError } from '../../../src/errors.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { factsOf } from '../support/pipeline.ts';
import { MODELS, routesTo } from './support/origin-models.ts';
import { anyPolicy, POLICIES } from './support/policies.ts';
import { spellings } from './support/spellings.ts';
import type { TestPolicy, TestRoute } from './support/types.ts';

// 100,000 paths in all.
const FIXED_RUNS = 16_000;
const ANY_POLICIES = 200;
const PATHS_OF_ANY = 100;

/** Whether a path is refused, or else which routes of the policy a request for it has to satisfy. */
function judge(policy: ReturnType<typeof compilePolicy>, router: ReturnType<typeof routerOf>, path: string) {
  try {
    const facts = factsOf(path, {}, policy);
    const { route, also, isCmsPath } = router.resolve(facts.path);
    return { asked: facts.path, routes: [route, ...also], isCmsPath };
  } catch (error) {
    if (error instanceof EdgeError) return null;
    throw error;
  }
}

/** How many origins take the path for a protected one. @throws where one does whose rules are not those that hold. */
function reachedBy(
  path: string,
  { routes }: TestPolicy,
  verdict: NonNullable<ReturnType<typeof judge>>,
): number {
  let reached = 0;
  const ofRoutes = routes.filter(({ kind }) => kind !== 'cms');
  for (const model of MODELS) {
    // Scoped routes come before the paths of the CMS.
    const scoped = routesTo(model, verdict.asked, ofRoutes).filter(({ kind }) => kind === 'scoped');
    const cms = routesTo(model, verdict.asked, routes).filter(({ kind }) => kind === 'cms');
    for (const meant of scoped.length > 0 ? scoped : cms) {
      reached++;
      if (!holds(meant, verdict)) throw new Error(`${model.name} takes ${path} for ${meant.pattern}`);
    }
  }
  return reached;
}

/** Its own rules, or those of a route that asks for no less. */
function holds(meant: TestRoute, { routes, isCmsPath }: NonNullable<ReturnType<typeof judge>>): boolean {
  if (meant.kind === 'cms') return isCmsPath;
  return routes.some(
    (route) =>
      route.name === meant.name ||
      (route.scope?.name === meant.scope &&
        (route.revocation !== null || !meant.revocation) &&
        (route.onMissing === 'reject' || meant.isOpen) &&
        (route.kind === 'sensitive' || !meant.isSensitive)),
  );
}

/** A change that has nothing to do with paths must not fail by chance: `FAST_CHECK_SEED=…` looks elsewhere. */
const SEED = Number(process.env.FAST_CHECK_SEED ?? 1);
/** A blank that is dropped beside a line feed that is not. */
const FOUND_ONCE = ['/v2%20/orders/%0a', '/v2./orders/%0d', '/v2%20/orders/%0b', '/v2/orders%20/%09'];

describe('a path that an origin would route to a protected one', { timeout: 300_000 }, () => {
  it.each(POLICIES.map((policy) => [policy.name, policy] as const))(
    'of the policy "%s" is refused, or has to satisfy the rules of that',
    (_, policy) => {
      const compiled = compilePolicy(policy.input);
      const router = routerOf(compiled);
      let [reached, judged] = [0, 0];
      fc.assert(
        fc.property(spellings(policy.routes, policy.words), (path) => {
          const verdict = judge(compiled, router, path);
          if (verdict === null) return;
          judged++;
          reached += reachedBy(path, policy, verdict);
        }),
        { numRuns: FIXED_RUNS, seed: SEED, examples: FOUND_ONCE.map((path) => [path]) },
      );
      // The test tests something.
      expect(judged).toBeGreaterThan(FIXED_RUNS / 3);
      expect(reached).toBeGreaterThan(FIXED_RUNS / 2);
    },
  );

  it('of any policy is refused, or has to satisfy the rules of that', () => {
    fc.assert(
      fc.property(anyPolicy, fc.nat(), (policy, seed) => {
        const compiled = compilePolicy(policy.input);
        const router = routerOf(compiled);
        const paths = fc.sample(spellings(policy.routes, policy.words), { numRuns: PATHS_OF_ANY, seed });
        for (const path of paths) {
          const verdict = judge(compiled, router, path);
          if (verdict !== null) reachedBy(path, policy, verdict);
        }
      }),
      { numRuns: ANY_POLICIES, seed: SEED },
    );
  });
});
