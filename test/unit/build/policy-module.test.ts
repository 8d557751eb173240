import { describe, expect, it } from 'vitest';
import { evaluated } from '../../../src/build/evaluate-policy.ts';
import { policyModule } from '../../../src/build/policy-module.ts';
import { UNBUILT } from '../../../src/build-info.ts';
import { compiledPolicy } from '../../../src/compiled-policy.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import { policy } from '../support/pipeline.ts';

/** What the service has in the place of its policy. */
function built(of: Policy): Policy {
  const body = policyModule(evaluated(of), UNBUILT).replace('export default', 'return');
  return compiledPolicy(new Function(body)()).policy;
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
    expect(built(given)).toEqual(given);
  });

  it('gives a route the scope and the origin that the policy has', () => {
    const { routes, scopes, origins } = built(policy);
    for (const { scope, origin } of routes) {
      if (scope !== null) expect(scope).toBe(scopes.get(scope.name));
      if (origin !== null) expect(origins).toContain(origin);
    }
  });
});
