import { type DocumentNode, type FieldNode, Kind, type SelectionNode, type SelectionSetNode } from 'graphql';
import { responseKey } from '../selections.ts';

/** A selection set of a document, and what has to be asked for in it beside what is there. */
export interface SelectionSet {
  readonly node: SelectionSetNode;
  /** A root has no type that anybody would purge; a fragment's objects are objects of a field too. */
  readonly of: 'root' | 'field' | 'fragment';
  /** Of a fragment: the type in its condition. */
  readonly on: string | null;
  readonly selections: readonly SelectionNode[];
}

export interface SelectionSets {
  /** In the order of their `{` in the text. */
  readonly all: readonly SelectionSet[];
  /** Whether what an answer calls `__typename`, or by the name of an id field, is that very field wherever it stands. */
  readonly isPlain: boolean;
}

/** Every selection set of a document. `names`: of id fields. */
export function selectionSets({ definitions }: DocumentNode, names: readonly string[]): SelectionSets {
  const reserved = new Set(['__typename', ...names]);
  const all: SelectionSet[] = [];
  let isPlain = true;
  const visit = (of: SelectionSet['of'], on: string | null, node: SelectionSetNode) => {
    const { selections } = node;
    all.push({ node, of, on, selections });
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit('fragment', selection.typeCondition?.name.value ?? null, selection.selectionSet);
      } else if (selection.kind === Kind.FIELD) {
        if (reserved.has(responseKey(selection)) && !isBare(selection)) isPlain = false;
        if (selection.selectionSet !== undefined) visit('field', null, selection.selectionSet);
      }
    }
  };
  for (const node of definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) visit('root', null, node.selectionSet);
    else if (node.kind === Kind.FRAGMENT_DEFINITION)
      visit('fragment', node.typeCondition.name.value, node.selectionSet);
  }
  return { all, isPlain };
}

/** Whether a set asks for a leaf by its own name, whatever the variables are. */
export function asksFor({ selections }: SelectionSet, name: string): boolean {
  return selections.some(
    (selection) => isField(selection, name) && isBare(selection) && (selection.directives ?? []).length === 0,
  );
}

/** Whether a set asks for a leaf without arguments in any way: then it may be asked for once more. */
export function knows({ selections }: SelectionSet, name: string): boolean {
  return selections.some((selection) => isField(selection, name) && isLeaf(selection));
}

function isField(selection: SelectionNode, name: string): selection is FieldNode {
  return selection.kind === Kind.FIELD && selection.name.value === name;
}

function isLeaf({ selectionSet, arguments: given = [] }: FieldNode): boolean {
  return selectionSet === undefined && given.length === 0;
}

/** A leaf by its own name, without arguments. */
function isBare(field: FieldNode): boolean {
  return responseKey(field) === field.name.value && isLeaf(field);
}
