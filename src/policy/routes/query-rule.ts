import type { NamePatterns } from '../../http/name-pattern.ts';
import { compileNames } from '../name-patterns.ts';
import type { Report } from '../policy-error.ts';
import { choice, isList, isText, oneOf, texts } from '../settings.ts';

/** Query parameters that count; `verbatim`: the query as it came. */
export type QueryInput = 'all' | 'none' | 'verbatim' | readonly string[];

export type QueryRule =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'verbatim' }
  | ({ readonly kind: 'only' } & NamePatterns);

export const query = oneOf(
  'Expected "all", "none", "verbatim" or a list of names and patterns, such as ["page", "filter*"].',
  [isText, choice('all', 'none', 'verbatim')],
  [isList, texts],
);

/** A query that goes on byte for byte has no place for what is read by the edge; of tokens in it see `providers/query-token-rule.ts`. */
export function queryProblems(
  at: string,
  { query, graphql }: { readonly query?: QueryInput; readonly graphql?: unknown },
  report: Report,
): void {
  if (query !== 'verbatim') return;
  if (graphql !== undefined && graphql !== false) {
    const fix = 'The parameters of a GraphQL query are read and written anew: use "all", "none" or a list.';
    report('POLICY_CONFLICT', `${at}.query`, query, fix);
  }
}

/** What may be meant, and should be known. */
export function queryWarnings(
  at: string,
  { query }: { readonly query?: QueryInput },
  ignored: readonly string[],
): readonly string[] {
  if (query !== 'verbatim' || ignored.length === 0) return [];
  return [
    `${at}.query: verbatim keeps every parameter, those of ignoreQuery too: each value of them is an entry of its own.`,
  ];
}

export function compileQuery(input: QueryInput = 'all'): QueryRule {
  if (typeof input === 'string') return { kind: input };
  return { kind: 'only', ...compileNames(input) };
}
