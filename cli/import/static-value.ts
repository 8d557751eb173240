import type { AnyNode, Expression, Node, Program } from 'acorn';
import { badSource, type Place, type Tree } from './source-tree.ts';

/** Constants of a file, by name: what an identifier in its configuration stands for. */
export type Constants = ReadonlyMap<string, Expression>;

/** What an expression is, as far as that can be told without running it. */
export function staticValue(
  expression: Node,
  source: string,
  path = '',
  constants: Constants = new Map(),
  depth = 0,
): Tree {
  const node = unwrapped(expression as AnyNode);
  const at: Place = { path, line: node.loc?.start.line ?? 1 };
  const code: Tree = { kind: 'code', at, text: source.slice(node.start, node.end) };
  const inner = (child: Node, childPath: string) => staticValue(child, source, childPath, constants, depth);
  switch (node.type) {
    case 'Literal': {
      const { value } = node;
      return value === null || ['string', 'number', 'boolean'].includes(typeof value)
        ? { kind: 'scalar', at, value: value as string | number | boolean | null }
        : code;
    }
    case 'TemplateLiteral': {
      const [only] = node.quasis;
      return node.expressions.length === 0 && typeof only?.value.cooked === 'string'
        ? { kind: 'scalar', at, value: only.value.cooked }
        : code;
    }
    case 'UnaryExpression': {
      const value = node.operator === '-' ? inner(node.argument, path) : code;
      return value.kind === 'scalar' && typeof value.value === 'number'
        ? { ...value, at, value: -value.value }
        : code;
    }
    case 'BinaryExpression': {
      const sides = [inner(node.left, path), inner(node.right, path)];
      const [left, right] = sides.map((side) => (side.kind === 'scalar' ? side.value : undefined));
      if (node.operator === '*' && typeof left === 'number' && typeof right === 'number')
        return { kind: 'scalar', at, value: left * right };
      if (node.operator === '+' && typeof left === 'string' && typeof right === 'string')
        return { kind: 'scalar', at, value: left + right };
      return code;
    }
    case 'Identifier': {
      const constant = constants.get(node.name);
      // A constant that stands for itself ends somewhere.
      return constant === undefined || depth > 8
        ? code
        : staticValue(constant, source, path, constants, depth + 1);
    }
    case 'ArrayExpression':
      return {
        kind: 'array',
        at,
        items: node.elements.map((element, i) =>
          element === null || element.type === 'SpreadElement'
            ? { ...code, at: { ...at, path: `${path}[${i}]` } }
            : inner(element, `${path}[${i}]`),
        ),
      };
    case 'ObjectExpression': {
      const entries = new Map<string, Tree>();
      for (const property of node.properties) {
        if (property.type === 'SpreadElement') {
          entries.set(`...${source.slice(property.start, property.end)}`.slice(0, 60), {
            kind: 'code',
            at: { path, line: property.loc?.start.line ?? at.line },
            text: source.slice(property.start, property.end),
          });
          continue;
        }
        const name = nameOf(property.key, property.computed);
        if (name === null)
          throw badSource(at, 'a name that is computed cannot be read without running the file.');
        const childPath = path === '' ? name : `${path}.${name}`;
        entries.set(name, inner(property.value, childPath));
      }
      return { kind: 'object', at, entries };
    }
    default:
      return code;
  }
}

/** `["Post"]: …` is a name as well as `Post: …` is. */
function nameOf(key: Node, computed: boolean): string | null {
  const node = key as AnyNode;
  if (node.type === 'Literal') return String(node.value);
  return !computed && node.type === 'Identifier' ? node.name : null;
}

/** Without what only a type checker reads: `x as Config`, `x satisfies Config`, `x!`, `<Config>x`. */
function unwrapped(node: AnyNode): AnyNode {
  const { type } = node as { type: string };
  const isTyped = [
    'TSAsExpression',
    'TSSatisfiesExpression',
    'TSNonNullExpression',
    'TSTypeAssertion',
    'ParenthesizedExpression',
  ].includes(type);
  return isTyped ? unwrapped((node as unknown as { expression: AnyNode }).expression) : node;
}

/** The constants at the top of a file. */
export function constantsOf(program: Program): Constants {
  const constants = new Map<string, Expression>();
  for (const statement of program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type === 'Identifier' && init) constants.set(id.name, init);
    }
  }
  return constants;
}
