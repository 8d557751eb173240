import { describe, expect, it } from 'vitest';
import { evaluated } from '../../../src/build/evaluate-policy.ts';
import { policyModule } from '../../../src/build/policy-module.ts';
import { UNBUILT } from '../../../src/build-info.ts';
import { compiledPolicy } from '../../../src/compiled-policy.ts';
import { PackedRoutes } from '../../../src/policy/packed-routes.ts';
import type { Policy } from '../../../src/types/policy.ts';
import { policy } from '../support/way.ts';

/** What the service has in the place of its policy. */
function built(of: Policy): Policy {
  const body = policyModule(evaluated(of), UNBUILT)
    .replace(/^import .*$/m, '')
    .replace('export default', 'return');
  return compiledPolicy(new Function('PackedRoutes', body)(PackedRoutes)).policy;
}

const many: Policy = {
  ...policy,
  routes: Array.from({ length: 1000 }, (_, i) => ({
    ...policy.fallback,
    name: `r${i}`,
    path: `/a"\u2028${i}/:id`,
    cors: i % 3 > 0,
  })),
};

describe('the policy in the service', () => {
  it.each([
    ['few routes', policy],
    ['a thousand', many],
  ])('is the one that was compiled, with %s', (_, given) => {
    const { routes, ...rest } = built(given);
    const { routes: expected, ...others } = given;
    expect([...routes]).toEqual([...expected]);
    expect(routes).toHaveLength(expected.length);
    expect(rest).toEqual(others);
  });

  it('has any route at any time, and none beyond the last', () => {
    const { routes } = built(many);
    for (const place of [999, 0, 31, 32, 500, 999]) expect(routes.at(place)).toEqual(many.routes.at(place));
    expect(routes.at(1000)).toBeUndefined();
    expect(routes.at(1023)).toBeUndefined();
  });

  it('gives a route the scope and the origin that the policy has', () => {
    const { routes, scopes, origins } = built(policy);
    for (const { scope, origin } of routes) {
      if (scope !== null) expect(scope).toBe(scopes.get(scope.name));
      if (origin !== null) expect(origins).toContain(origin);
    }
  });
});
