import { uneval } from 'devalue';
import type { BuildInfo } from '../build-info.ts';
import { COMPILED_FORMAT } from '../compiled-policy.ts';
import type { EvaluatedPolicy } from './evaluate-policy.ts';
import { shareEqual } from './share-equal.ts';

/** The module that stands in the place of `policy.ts` in a service: a `CompiledPolicy`. What is equal in two routes is there once. */
export function policyModule({ policy, matchers }: EvaluatedPolicy, build: BuildInfo): string {
  return `export default {
  claimcache: ${COMPILED_FORMAT},
  policy: ${uneval(shareEqual(policy))},
  matchers: ${matchers},
  build: ${uneval(build)},
};
`;
}
