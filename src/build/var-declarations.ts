import { type AnyNode, type Node, type Pattern, parse, type VariableDeclaration } from 'acorn';

/**
 * A bundle with `var` in the place of `let` and `const`, wherever nobody can tell. For each block with a `let` the runtime has objects
 * that the garbage collection walks after each request, and each use of such a name asks whether it has a value yet. What stays as it is: a
 * name that its function declares twice or that means something else outside of its block, and what a closure in a loop keeps.
 *
 * @param code - One module, before its names are shortened: then most of them differ.
 * @returns as many characters, so that a source map holds.
 */
export function withVarDeclarations(code: string): string {
  const { declarations, names } = readNames(code);
  let result = '';
  for (const declaration of declarations) {
    if (!mayBeVar(declaration, names)) continue;
    const { start, kind } = declaration.node;
    result += code.slice(result.length, start) + 'var'.padEnd(kind.length);
  }
  return result + code.slice(result.length);
}

/** Where a node stands. */
interface Place {
  /** The function, or the module. */
  readonly owner: Node;
  /** The block of that function. */
  readonly block: Node;
  /** In a loop of that function. */
  readonly isLooped: boolean;
}

/** A `let` or `const`. */
interface Declaration extends Place {
  readonly node: VariableDeclaration;
  readonly names: readonly string[];
}

/** Of one name, all places where it is read or written, and the functions that declare it. */
interface Uses {
  readonly at: { readonly start: number; readonly owner: Node }[];
  readonly declaredBy: Node[];
}

function mayBeVar({ node, names, owner, block, isLooped }: Declaration, uses: Names): boolean {
  // In the next round of a loop it would still have the value of this one.
  if (isLooped && node.declarations.some(({ init }) => !init) && !isHead(node, block)) return false;
  return names.every((name) => {
    const { at, declaredBy } = usesOf(uses, name);
    if (declaredBy.filter((one) => one === owner).length > 1) return false;
    return at
      .filter(({ start }) => isIn(owner, start))
      .every((use) => isIn(block, use.start) && !(isLooped && use.owner !== owner));
  });
}

/** Of `for … in` and `for … of`, which give it a value in each round. */
function isHead(node: VariableDeclaration, block: Node): boolean {
  return 'left' in block && block.left === node;
}

function isIn({ start, end }: Node, at: number): boolean {
  return start <= at && at < end;
}

type Names = Map<string, Uses>;

function usesOf(names: Names, name: string): Uses {
  const known = names.get(name) ?? { at: [], declaredBy: [] };
  names.set(name, known);
  return known;
}

function readNames(code: string): { readonly declarations: readonly Declaration[]; readonly names: Names } {
  const declarations: Declaration[] = [];
  const names: Names = new Map();
  const program: AnyNode = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  visit(program, { owner: program, block: program, isLooped: false });
  return { declarations, names };

  function declare(declared: readonly string[], owner: Node): void {
    for (const name of declared) usesOf(names, name).declaredBy.push(owner);
  }

  function visit(node: AnyNode, place: Place): void {
    switch (node.type) {
      case 'Identifier':
        usesOf(names, node.name).at.push({ start: node.start, owner: place.owner });
        return;
      case 'VariableDeclaration': {
        const declared = node.declarations.flatMap(({ id }) => namesIn(id));
        declare(declared, place.owner);
        if (node.kind === 'let' || node.kind === 'const')
          declarations.push({ node, names: declared, ...place });
        break;
      }
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        if (node.type === 'FunctionDeclaration' && node.id) declare([node.id.name], place.owner);
        if (node.id) visit(node.id, place);
        declare(node.params.flatMap(namesIn), node);
        const inside = { owner: node, block: node, isLooped: false };
        for (const param of node.params) visit(param, inside);
        if (node.body.type === 'BlockStatement') visitAll(node.body, inside);
        else visit(node.body, inside);
        return;
      }
      case 'ClassDeclaration':
        if (node.id) declare([node.id.name], place.owner);
        break;
      case 'StaticBlock':
        visitAll(node, { owner: node, block: node, isLooped: false });
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        visitAll(node, { ...place, block: node, isLooped: true });
        return;
      case 'CatchClause':
        if (node.param) declare(namesIn(node.param), place.owner);
        visitAll(node, { ...place, block: node });
        return;
      case 'BlockStatement':
      case 'SwitchStatement':
        visitAll(node, { ...place, block: node });
        return;
      case 'MemberExpression':
        visit(node.object, place);
        if (node.computed) visit(node.property, place);
        return;
      case 'Property':
      case 'MethodDefinition':
        if (node.computed) visit(node.key, place);
        visit(node.value, place);
        return;
      case 'PropertyDefinition':
        if (node.computed) visit(node.key, place);
        // It is computed when an object is made, as in a function.
        if (node.value) visit(node.value, { owner: node, block: node, isLooped: false });
        return;
      case 'ImportDeclaration':
        declare(
          node.specifiers.map(({ local }) => local.name),
          place.owner,
        );
        break;
      default:
    }
    visitAll(node, place);
  }

  function visitAll(node: AnyNode, place: Place): void {
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, place);
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function namesIn(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((part) =>
        namesIn(part.type === 'Property' ? part.value : part.argument),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((part) => (part === null ? [] : namesIn(part)));
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    default:
      return [];
  }
}
