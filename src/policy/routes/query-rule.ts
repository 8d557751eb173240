import type { NamePatterns } from '../../http/name-pattern.ts';
import { compileNames } from '../name-patterns.ts';
import { choice, isList, isText, oneOf, texts } from '../settings.ts';

/** Query parameters that count. */
export type QueryInput = 'all' | 'none' | readonly string[];

export type QueryRule =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | ({ readonly kind: 'only' } & NamePatterns);

export const query = oneOf(
  'Expected "all", "none" or a list of names and patterns, such as ["page", "filter*"].',
  [isText, choice('all', 'none')],
  [isList, texts],
);

export function compileQuery(input: QueryInput = 'all'): QueryRule {
  if (input === 'all' || input === 'none') return { kind: input };
  return { kind: 'only', ...compileNames(input) };
}
