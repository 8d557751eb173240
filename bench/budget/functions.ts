import { type Node, parse } from 'acorn';

/** Where the functions of a bundle begin: those of classes too. Each costs every request, used or not. */
export function functionsIn(code: string): readonly number[] {
  const starts: number[] = [];
  visit(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }));
  return starts;

  function visit(node: Node): void {
    if (/Function/.test(node.type)) starts.push(node.start);
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
