import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';
import { fragmentsOf, responseKey, selectionsOf } from '../selections.ts';

/**
 * Where an answer has objects: for each place the members that hold further ones, by the number of their place. Number 0 is `data`.
 * What stands elsewhere is a scalar, whatever it looks like.
 */
export type AnswerShape = readonly (readonly (readonly [member: string, place: number])[])[];

export interface AnswerPlaces {
  readonly shape: AnswerShape;
  /** By the number of the place: the selection sets that describe its objects together. */
  readonly sets: readonly (readonly SelectionSetNode[])[];
}

/** A document that takes more steps is written to take many: fragments multiply. */
const MAX_STEPS = 20_000;

type Child = readonly [member: string, set: SelectionSetNode];

/** The places of an answer, whatever types its objects have; null: there are too many. */
export function answerPlaces(root: SelectionSetNode, document: DocumentNode): AnswerPlaces | null {
  const fragments = fragmentsOf(document);
  const ids = new Map<SelectionSetNode, number>();
  const known = new Map<SelectionSetNode, readonly Child[]>();
  const places = new Map<string, number>();
  const sets: (readonly SelectionSetNode[])[] = [];
  let steps = 0;

  /** The number of the place that several sets describe together, as those of one member do. */
  const placeOf = (described: ReadonlySet<SelectionSetNode>): number => {
    const numbers: number[] = [];
    for (const set of described) {
      const id = ids.get(set) ?? ids.size;
      ids.set(set, id);
      numbers.push(id);
    }
    steps += numbers.length;
    const key = numbers.sort((a, b) => a - b).join();
    const place = places.get(key) ?? sets.length;
    if (place === sets.length) {
      places.set(key, place);
      sets.push([...described]);
    }
    return place;
  };

  /** The members of a set that hold objects, those of its fragments among them. */
  const childrenOf = (set: SelectionSetNode): readonly Child[] => {
    const found = known.get(set);
    if (found !== undefined) return found;
    const children: Child[] = [];
    for (const selection of selectionsOf(set, fragments)) {
      steps += 1;
      if (selection.kind === Kind.FIELD && selection.selectionSet !== undefined)
        children.push([responseKey(selection), selection.selectionSet]);
    }
    known.set(set, children);
    return children;
  };

  placeOf(new Set([root]));
  const shape: [string, number][][] = [];
  // Places are added while others are looked at.
  for (let place = 0; place < sets.length; place += 1) {
    const members = new Map<string, Set<SelectionSetNode>>();
    for (const set of sets[place] ?? []) {
      for (const [member, inner] of childrenOf(set)) {
        steps += 1;
        const together = members.get(member) ?? new Set();
        members.set(member, together.add(inner));
      }
      if (steps > MAX_STEPS) return null;
    }
    shape.push([...members].map(([member, inner]) => [member, placeOf(inner)]));
  }
  return steps > MAX_STEPS ? null : { shape, sets };
}
