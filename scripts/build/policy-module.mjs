import { uneval } from 'devalue';
import { moduleOf } from './module-of.mjs';
import { share } from './share.mjs';

/** So many routes cost less as objects than what makes them out of text. */
const FEW = 50;
/** All of one text are read to get at one of them. */
const ROUTES_OF_A_TEXT = 32;

/**
 * The module that stands in the place of `src/compiled-policy.ts`: the policy as plain data, of many routes packed.
 *
 * @param {import('../../src/types/policy.ts').Policy} policy
 * @returns {string}
 */
export function policyModule(policy) {
  const { routes, ...others } = policy;
  if (routes.length <= FEW) return moduleOf(policy);
  const [rest, rulesOfAll] = share([others, Array.from(routes, ({ name, path, ...rule }) => rule)]);
  const rules = [...new Set(rulesOfAll)];
  const entries = Array.from(routes, ({ name, path }, i) => [name, path, rules.indexOf(rulesOfAll[i])]);
  const texts = [];
  for (let i = 0; i < entries.length; i += ROUTES_OF_A_TEXT) {
    texts.push(JSON.stringify(entries.slice(i, i + ROUTES_OF_A_TEXT)));
  }
  return `import { PackedRoutes } from './policy/packed-routes.ts';
const [rest, rules, texts] = ${uneval([rest, rules, texts])};
export default { ...rest, routes: new PackedRoutes(${entries.length}, ${ROUTES_OF_A_TEXT}, rules, texts) };
`;
}
