import type { DocumentNode, SelectionSetNode } from 'graphql';
import type { GraphqlRule } from '../../policy/graphql-rule.ts';
import { TOKENS } from '../nesting.ts';
import { type AnswerPlaces, type AnswerShape, answerPlaces } from './answer-shape.ts';
import type { SetType } from './learned-types.ts';
import { asksFor, knows, type SelectionSet, selectionSets } from './selection-sets.ts';

/** How the entities in the answers to a document are found. Plain, so that it can be remembered beyond a sandbox. */
export interface AnswerPlan {
  readonly shape: AnswerShape;
  /** The document, with types and ids added where something was missing. null: it stays as the client writes it. */
  readonly text: string | null;
  readonly isChanged: boolean;
  /** By place: the number of the one selection set that describes it, where an id may be missing. */
  readonly sets: readonly (number | null)[];
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
 * condition, or because the set is a fragment on a type of the policy. `__typename` can be added anywhere. What answers have shown of the
 * other sets is added by {@link withLearned}.
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
  const places = text.includes(mark) ? null : answerPlaces(root, document);
  if (places === null) return null;
  const names = idFields(rule);
  const { all, isPlain } = selectionSets(document, names);
  const additions = all.map((set, index) => addition(set, index, { mark, isPlain, names, rule }));
  const isChanged = additions.some((added) => added !== '');
  const asked = isChanged ? withAdditions(text, (set) => additions[set] ?? '') : { text, sets: all.length };
  if (asked.sets !== all.length) return null;
  const sets = setsWithoutId(places, all, names);
  const isKept = isChanged || sets.some((set) => set !== null);
  return { shape: places.shape, text: isKept ? asked.text : null, isChanged, sets, mark, isPlain };
}

/** Objects of a place that several sets describe may have a type that is possible in one of them alone. */
function setsWithoutId(
  { sets }: AnswerPlaces,
  all: readonly SelectionSet[],
  names: readonly string[],
): readonly (number | null)[] {
  const numbers = new Map(all.map(({ node }, number) => [node, number]));
  return sets.map(([only, ...others], place) => {
    const number = only === undefined || others.length > 0 || place === 0 ? undefined : numbers.get(only);
    const set = number === undefined ? undefined : all[number];
    return number === undefined || set === undefined || names.every((name) => knows(set, name))
      ? null
      : number;
  });
}

/**
 * The document of a plan with the ids of types that objects of its sets have had. A fragment on such a type is possible there, whatever
 * type the set has in the schema.
 */
export function withLearned(
  { text, mark }: Pick<AnswerPlan, 'text' | 'mark'>,
  learned: readonly SetType[],
  rule: Pick<GraphqlRule, 'entities'>,
): string | null {
  if (text === null || learned.length === 0) return null;
  const names = idFields(rule);
  const types = [...rule.entities.keys()];
  const fragments = (set: number) => {
    const ofSet = learned.filter(([number, type]) => number === set && rule.entities.has(type));
    return ofSet
      .map(([, type]) => {
        const field = rule.entities.get(type) ?? '';
        return ` ... on ${type} { ${mark}i${names.indexOf(field)}_${set}_${types.indexOf(type)}:${field} }`;
      })
      .join('');
  };
  return withAdditions(text, fragments).text;
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
  return { shape: [], text: null, isChanged: false, sets: [], mark: markOf(digest), isPlain: false };
}

function markOf(digest: string): string {
  return `cc${digest.slice(0, 12)}`;
}

/** Puts something behind the `{` of each selection set, and counts them. Within parentheses braces are values. */
function withAdditions(
  text: string,
  additionTo: (set: number) => string,
): { readonly text: string; readonly sets: number } {
  const parts: string[] = [];
  let parentheses = 0;
  let set = 0;
  let end = 0;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if (token === '(') parentheses += 1;
    else if (token === ')') parentheses -= 1;
    else if (token === '{' && parentheses === 0) {
      // A blank behind: a name may follow at once.
      const added = additionTo(set);
      if (added) parts.push(text.slice(end, index + 1), added, ' ');
      if (added) end = index + 1;
      set += 1;
    }
  }
  return { text: parts.join('') + text.slice(end), sets: set };
}
