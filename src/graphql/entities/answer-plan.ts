import type { DocumentNode, SelectionSetNode } from 'graphql';
import type { GraphqlRule } from '../../policy/graphql-rule.ts';
import { TOKENS } from '../nesting.ts';
import { type AnswerShape, answerShape } from './answer-shape.ts';
import { asksFor, knows, type SelectionSet, selectionSets } from './selection-sets.ts';

/** How the entities in the answers to a document are found. Plain, so that it can be remembered beyond a sandbox. */
export interface AnswerPlan {
  readonly shape: AnswerShape;
  /** The document with types and ids added; null: nothing has to be. */
  readonly text: string | null;
  /** What the names of all added members begin with, and nothing else in the document. */
  readonly mark: string;
  /** Whether `__typename` and id fields that the client asks for can be believed. */
  readonly isPlain: boolean;
}

/** Id fields of the policy, each once: what an added member is the id of is said by its number there. */
export function idFields({ entities }: Pick<GraphqlRule, 'entities'>): readonly string[] {
  return [...new Set(entities.values())];
}

/**
 * What to add to a document, so that its answers tell of each object its type and its id, and where in them objects stand.
 *
 * There is no schema here: an id is added where a set is known to have it, because the client asks for it there by another name or under a
 * condition, or because the set is a fragment on a type of the policy. `__typename` can be added anywhere.
 *
 * @returns null where the policy has no entities, the document is too intricate, or has a name that only the edge could have added.
 */
export function answerPlan(
  text: string,
  document: DocumentNode,
  root: SelectionSetNode,
  digest: string,
  rule: Pick<GraphqlRule, 'entities'>,
): AnswerPlan | null {
  if (rule.entities.size === 0) return null;
  const mark = markOf(digest);
  const shape = text.includes(mark) ? null : answerShape(root, document);
  if (shape === null) return null;
  const names = idFields(rule);
  const { all, isPlain } = selectionSets(document, names);
  const additions = all.map((set, index) => addition(set, index, { mark, isPlain, names, rule }));
  const isAny = additions.some((added) => added !== '');
  const added = isAny ? withAdditions(text, additions) : null;
  return isAny && added === null ? null : { shape, text: added, mark, isPlain };
}

function addition(
  set: SelectionSet,
  index: number,
  {
    mark,
    isPlain,
    names,
    rule,
  }: {
    readonly mark: string;
    readonly isPlain: boolean;
    readonly names: readonly string[];
    readonly rule: Pick<GraphqlRule, 'entities'>;
  },
): string {
  const has = (name: string) => isPlain && asksFor(set, name);
  let added = set.of === 'field' && !has('__typename') ? ` ${mark}t:__typename` : '';
  for (const [number, name] of names.entries()) {
    const isKnown = knows(set, name) || (set.on !== null && rule.entities.get(set.on) === name);
    // Of each set by a name of its own: id fields of two types may be of two kinds, which no answer can merge.
    if (isKnown && !has(name)) added += ` ${mark}i${number}_${index}:${name}`;
  }
  return added;
}

/** Of a document whose entities cannot be found: nothing is added, and no object is looked at. */
export function emptyPlan(digest: string): AnswerPlan {
  return { shape: [], text: null, mark: markOf(digest), isPlain: false };
}

function markOf(digest: string): string {
  return `cc${digest.slice(0, 12)}`;
}

/** Puts each text behind the `{` of its selection set; null: they are not as many. Within parentheses braces are values. */
function withAdditions(text: string, additions: readonly string[]): string | null {
  const parts: string[] = [];
  let parentheses = 0;
  let set = 0;
  let end = 0;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if (token === '(') parentheses += 1;
    else if (token === ')') parentheses -= 1;
    else if (token === '{' && parentheses === 0) {
      // A blank behind: a name may follow at once.
      const added = additions[set];
      if (added) parts.push(text.slice(end, index + 1), added, ' ');
      if (added) end = index + 1;
      set += 1;
    }
  }
  return set === additions.length ? parts.join('') + text.slice(end) : null;
}
