import { uneval } from 'devalue';
import type { BuildInfo } from '../build-info.ts';
import { COMPILED_FORMAT } from '../compiled-policy.ts';
import type { Policy } from '../types/policy.ts';
import type { EvaluatedPolicy } from './evaluate-policy.ts';
import { ownModule } from './own-module.ts';
import { share } from './share.ts';

/** So many routes cost less as objects than what makes them out of text. */
const FEW = 50;
/** All of one text are read to get at one of them. */
const ROUTES_OF_A_TEXT = 32;

/** The module that stands in the place of `policy.ts` in a service: a `CompiledPolicy`. */
export function policyModule(evaluated: EvaluatedPolicy, build: BuildInfo): string {
  const { imports, expression } = policySource(evaluated.policy);
  return `${imports}export default {
  claimcache: ${COMPILED_FORMAT},
  policy: ${expression},
  matchers: ${evaluated.matchers},
  build: ${uneval(build)},
};
`;
}

/** The policy as plain data; of many routes packed. */
export function policySource(policy: Policy): { imports: string; expression: string } {
  const { routes, ...others } = policy;
  if (routes.length <= FEW) return { imports: '', expression: uneval(share(policy)) };
  const [rest, rulesOfAll] = share([others, Array.from(routes, ({ name, path, ...rule }) => rule)] as const);
  const rules = [...new Set(rulesOfAll)];
  const entries = Array.from(routes, ({ name, path }, i) => {
    const rule = rulesOfAll[i];
    return [name, path, rule === undefined ? -1 : rules.indexOf(rule)];
  });
  const texts: string[] = [];
  for (let i = 0; i < entries.length; i += ROUTES_OF_A_TEXT) {
    texts.push(JSON.stringify(entries.slice(i, i + ROUTES_OF_A_TEXT)));
  }
  return {
    imports: `import { PackedRoutes } from ${JSON.stringify(ownModule('policy/packed-routes'))};
const [rest, rules, texts] = ${uneval([rest, rules, texts])};
`,
    expression: `{ ...rest, routes: new PackedRoutes(${entries.length}, ${ROUTES_OF_A_TEXT}, rules, texts) }`,
  };
}
