import type { BuildInfo } from './build-info.ts';
import type { Policy, PolicyInput } from './policy/policy.ts';
import type { Matchers } from './routing/router.ts';

/** Of the module that the build puts in the place of a policy. A release that reads another one refuses it. */
export const COMPILED_FORMAT = 2;

/**
 * What a service runs by. The build (`claimcache/webpack`) makes it of `policy.ts` and puts it in the place of that module: what
 * validates and compiles a policy would otherwise be in memory at the edge, where nobody needs it, and be walked by
 * each garbage collection.
 */
export interface CompiledPolicy {
  readonly claimcache: typeof COMPILED_FORMAT;
  readonly policy: Policy;
  /** The patterns of its routes, as the code that rou3's compiler writes. */
  readonly matchers: Matchers;
  readonly build: BuildInfo;
}

/**
 * The compiled policy that a service was built with.
 *
 * @throws {TypeError} where it was built without claimcache's preset, or by one of another release: the build fails then.
 */
export function compiledPolicy(policy: PolicyInput | CompiledPolicy): CompiledPolicy {
  if (!('claimcache' in policy)) {
    throw new TypeError(
      'The policy was not compiled. Build with webpack, and name the policy file in claimcache() or claimcachePlugin() of claimcache/webpack: see docs/get-started/existing-service.md.',
    );
  }
  if (policy.claimcache !== COMPILED_FORMAT) {
    throw new TypeError('The policy was compiled by another release of claimcache. Build the service anew.');
  }
  return policy;
}
