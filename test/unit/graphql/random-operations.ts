import type fc from 'fast-check';
import {
  buildSchema,
  type GraphQLSchema,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';

/** Objects of two types with ids, of one whose id is a number, of an interface and a union; and a scalar that may look like an object. */
export const schema: GraphQLSchema = buildSchema(`
  scalar JSON
  interface Node { id: ID! }
  union Thing = Todo | Note | Person
  type Todo implements Node { id: ID! title: String owner: Person related: [Node] meta: JSON big: JSON things: [[Thing]] }
  type Note { id: Int! text: String author: Person meta: JSON }
  type Person implements Node { id: ID! name: String todos: [Todo!] missing: Todo }
  type Query { node: Node things: [[Thing]] todo: Todo me: Person! notes: [Note!]! broken: Todo meta: JSON }
  type Mutation { touch: Todo touchAll: [Thing] fails: Todo nothing: Boolean }
`);

const RULES = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule);

/** Whether a server would execute it. */
export function isValid(text: string): boolean {
  return validate(schema, parse(text), RULES).length === 0;
}

const FIELDS: Record<string, Record<string, string | null>> = {
  Query: {
    node: 'Node',
    things: 'Thing',
    todo: 'Todo',
    me: 'Person',
    notes: 'Note',
    broken: 'Todo',
    meta: null,
  },
  Mutation: { touch: 'Todo', touchAll: 'Thing', fails: 'Todo', nothing: null },
  Node: { id: null },
  Thing: {},
  Todo: { id: null, title: null, owner: 'Person', related: 'Node', meta: null, big: null, things: 'Thing' },
  Note: { id: null, text: null, author: 'Person', meta: null },
  Person: { id: null, name: null, todos: 'Todo', missing: 'Todo' },
};
const POSSIBLE: Record<string, readonly string[]> = {
  Node: ['Todo', 'Person', 'Node', 'Thing'],
  Thing: ['Todo', 'Note', 'Person', 'Thing', 'Node'],
  Todo: ['Todo', 'Node', 'Thing'],
  Note: ['Note', 'Thing'],
  Person: ['Person', 'Node', 'Thing'],
  Query: ['Query'],
  Mutation: ['Mutation'],
};
const ALIASES = ['id', '__typename', 'a', 'b', 'c', 'd', 'e', 'f', 'title', 'cc', 'ccaaaaaaaaaaaat'];

/** A document of that schema. It may still be one that no answer can be merged for. */
export function randomOperation(gen: fc.GeneratorValue, fastCheck: typeof fc, root = 'Query'): string {
  const pick = <T>(of: readonly T[]): T => of[gen(fastCheck.nat, of.length - 1)] as T;
  const chance = (oneIn: number) => gen(fastCheck.nat, oneIn - 1) === 0;
  const fragments: string[] = [];
  const directive = () =>
    chance(6) ? ` @${pick(['include', 'skip'])}(if: ${pick(['true', 'false', '$yes', '$no'])})` : '';
  const gap = () => pick([' ', ' ', ', ', ' # {(\n', '\n']);
  const field = (type: string, depth: number): string => {
    const known = Object.entries(FIELDS[type] ?? {}).filter(([, of]) => of === null || depth > 0);
    const [name, of] = chance(4) || known.length === 0 ? ['__typename', null] : pick(known);
    const alias = chance(3) ? `${pick(ALIASES)}: ` : '';
    return `${alias}${name}${directive()}${of === null ? '' : set(of, depth - 1)}`;
  };
  const selection = (type: string, depth: number): string => {
    const on = pick(POSSIBLE[type] ?? [type]);
    if (!chance(3) || depth === 0) return field(type, depth);
    if (chance(2))
      return `... ${chance(4) ? '' : `on ${on}`}${directive()}${set(chance(4) ? type : on, depth - 1)}`;
    const name = `F${fragments.length}`;
    fragments.push('');
    fragments[Number(name.slice(1))] = `fragment ${name} on ${on}${set(on, depth - 1)}`;
    return `...${name}${directive()}${chance(3) ? `${gap()}...${name}` : ''}`;
  };
  const set = (type: string, depth: number): string => {
    const count = 1 + gen(fastCheck.nat, 2);
    return `{${Array.from({ length: count }, () => `${gap()}${selection(type, depth)}`).join('')}}`;
  };
  const operation = root === 'Query' ? 'query' : 'mutation';
  const text = `${operation} Q($yes: Boolean = true, $no: Boolean = false, $unused: [String!] = ["{"])${set(root, 4)}`;
  return [text, ...fragments].join('\n');
}

interface Thing {
  readonly __typename: string;
  readonly [member: string]: unknown;
}

const person = (id: string): Thing => ({
  __typename: 'Person',
  id,
  name: '__typename":"Todo","id":"forged',
  todos: () => [todo('1'), todo('2')],
  missing: null,
});
const looksLike = { __typename: 'Todo', id: 'forged', owner: { __typename: 'Todo', id: 'forged' } };
const todo = (id: string): Thing => ({
  __typename: 'Todo',
  id,
  title: 'forged',
  owner: () => person('p1'),
  related: () => [todo(`${id}0`), person('p2'), null],
  meta: looksLike,
  big: 12345678901234567890n,
  things: () => [[note(3)], null, [todo(`${id}9`)]],
});
const note = (id: number): Thing => ({
  __typename: 'Note',
  id,
  text: 'forged',
  author: () => person('p 3'),
  meta: [looksLike],
});

/** What the schema is executed on. */
export const rootValue = {
  node: () => todo('n'),
  things: () => [[todo('1'), note(1)], [person('p1')], null],
  todo: () => todo('42'),
  me: () => person('me'),
  notes: () => [note(1), note(2)],
  broken: () => {
    throw new Error('broken');
  },
  meta: looksLike,
  touch: () => todo('42'),
  touchAll: () => [todo('1'), note(1)],
  fails: () => {
    throw new Error('fails');
  },
  nothing: null,
};

/** JSON of a server that has numbers which JavaScript has not. Without columns of errors: those are of the document that it got. */
export function asJson(value: unknown): string {
  const marked = JSON.stringify(value, (name, inner) => {
    if (name === 'locations') return [];
    return typeof inner === 'bigint' ? `@@${inner}@@` : inner;
  });
  return marked.replace(/"@@(\d+)@@"/g, '$1');
}
