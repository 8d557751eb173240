import { routeKey } from '../../keys/surrogate-key.ts';
import { parseClaimPath } from '../claims/claim-path.ts';
import { has, list, object, oneOf, text } from '../settings.ts';

/**
 * What a delivery purges. A path leads into the body as a claim path does: `data.customer.id`, `\\.` for a dot in a name. `*` stands for all
 * members of an array, and an array at the end for all of its members.
 *
 * - `{ scope, value }`, or `values` where the scope has several: everything of a user, as `claimcache purge user 42` takes it.
 * - `{ key: 'page:{slug}' }`: a surrogate key that the origin has given to its responses.
 * - `{ url: 'www.example.com/blog/{slug}' }`: a page by its URL, without scheme and query; or one path that leads to a whole URL, `'{permalink}'`.
 * - `{ route }`: everything of a route.
 */
export type PurgeRuleInput =
  | { readonly scope: string; readonly value: string }
  | { readonly scope: string; readonly values: readonly string[] }
  | { readonly key: string }
  | { readonly url: string }
  | { readonly route: string };

/** Names of members, one within the other; `*` is every member of an array. */
export type BodyPath = readonly string[];

/** Text, and paths whose values stand in it. */
export type Template = readonly (string | BodyPath)[];

export type PurgeRule =
  | { readonly kind: 'scope'; readonly scope: string; readonly paths: readonly BodyPath[] }
  | { readonly kind: 'key'; readonly template: Template }
  | {
      readonly kind: 'url';
      /** Lower case; null: the template is a whole URL. */
      readonly host: string | null;
      readonly template: Template;
    };

export const purgeRule = oneOf(
  'Expected { scope, value }, { scope, values }, { key }, { url } or { route }.',
  [
    has('values'),
    object({ scope: text, values: list(text, '["tenant.id", "role"]', { atLeast: 1, atMost: 8 }) }),
  ],
  [has('scope'), object({ scope: text, value: text })],
  [has('key'), object({ key: text })],
  [has('url'), object({ url: text })],
  [has('route'), object({ route: text })],
);

/** The paths of a rule of a scope, as they are written. */
export function valuePaths(rule: Extract<PurgeRuleInput, { scope: string }>): readonly string[] {
  return 'values' in rule ? rule.values : [rule.value];
}

/** Text outside of braces, and what stands within. null: a brace without its other one, or a path that is none. */
export function parseTemplate(text: string): Template | null {
  const pieces: (string | BodyPath)[] = [];
  for (const [i, part] of text.split(/[{}]/).entries()) {
    if (i % 2 === 0) {
      if (part !== '') pieces.push(part);
      continue;
    }
    const path = parseClaimPath(part);
    if (path === null) return null;
    pieces.push(path);
  }
  return /^[^{}]*(?:\{[^{}]*\}[^{}]*)*$/.test(text) ? pieces : null;
}

/** Its paths were checked before. */
export function compilePurgeRule(input: PurgeRuleInput): PurgeRule {
  if ('scope' in input)
    return {
      kind: 'scope',
      scope: input.scope,
      paths: valuePaths(input).map((path) => parseClaimPath(path) ?? []),
    };
  if ('route' in input) return { kind: 'key', template: [routeKey(input.route)] };
  if ('key' in input) return { kind: 'key', template: parseTemplate(input.key) ?? [] };
  const host = /^[^/{]+/.exec(input.url)?.[0] ?? null;
  const template = parseTemplate(input.url.slice(host?.length ?? 0)) ?? [];
  return { kind: 'url', host: host?.toLowerCase() ?? null, template };
}
