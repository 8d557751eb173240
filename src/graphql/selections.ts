import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export function fragmentsOf({ definitions }: Pick<DocumentNode, 'definitions'>): Fragments {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  return fragments;
}

/** The selections of a set, those of its fragments too: each fragment once, for they may name each other in a circle. */
export function* selectionsOf(set: SelectionSetNode, fragments: Fragments): Iterable<SelectionNode> {
  const seen = new Set<string>();
  const left = [set];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const selection of next.selections) {
      yield selection;
      if (selection.kind === Kind.INLINE_FRAGMENT) left.push(selection.selectionSet);
      else if (selection.kind === Kind.FRAGMENT_SPREAD && !seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment !== undefined) left.push(fragment.selectionSet);
      }
    }
  }
}

/** The name of a field in the answer. */
export function responseKey({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
