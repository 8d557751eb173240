import { uneval } from 'devalue';
import type { BuildInfo } from '../build-info.ts';
import { COMPILED_FORMAT } from '../compiled-policy.ts';
import type { EvaluatedPolicy } from './evaluate-policy.ts';

/** The module that stands in the place of `policy.ts` in a service: a `CompiledPolicy`. What two routes share is written once. */
export function policyModule({ policy, matchers }: EvaluatedPolicy, build: BuildInfo): string {
  return `export default {
  claimcache: ${COMPILED_FORMAT},
  policy: ${uneval(policy)},
  matchers: ${matchers},
  build: ${uneval(build)},
};
`;
}
