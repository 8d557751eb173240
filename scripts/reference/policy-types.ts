import path from 'node:path';
import ts from 'typescript';
import { cell, docOf } from './doc-comment.ts';
import { declarationsOf, sourceOf } from './source.ts';

const LONGEST_TYPE_IN_A_CELL = 160;

type Types = ReadonlyMap<string, NamedType['node']>;

interface NamedType {
  readonly name: string;
  readonly node: ts.InterfaceDeclaration | ts.TypeAliasDeclaration;
}

/** The settings of the policy with their types, from the doc comments in `src/policy`: the page `reference/settings.md`. */
export function policyTypesPage(): string {
  const types: NamedType[] = [];
  const add = (found: NamedType | null) => {
    if (found !== null && types.every(({ node }) => node !== found.node)) types.push(found);
  };
  add(typeIn('src/policy/policy.ts', 'PolicyInput'));
  // What a type names comes after it: a list that grows while it is read.
  for (const { node } of types) for (const found of namedIn(node)) add(found);
  const byName = new Map(types.map(({ name, node }) => [name, node]));
  return [
    '# Settings',
    'Every setting of `definePolicy({...})` with its type. This page is made from the types and their comments by `npm run docs:reference`. Patterns and claim paths: [The policy](policy.md). What the build refuses: [Errors](errors.md#in-a-policy).',
    ...types.map((type) => sectionOf(type, byName)),
    '',
  ].join('\n\n');
}

/** A type by the name that it has in a file: declared there, or imported from another file of the policy. */
function typeIn(file: string, name: string): NamedType | null {
  const node = declarationsOf(file).get(name);
  if (node !== undefined) {
    return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ? { name, node } : null;
  }
  for (const { importClause, moduleSpecifier } of sourceOf(file).statements.filter(ts.isImportDeclaration)) {
    const bindings = importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings) || !ts.isStringLiteral(moduleSpecifier))
      continue;
    const from = path.posix.join(path.posix.dirname(file), moduleSpecifier.text);
    const element = bindings.elements.find((one) => one.name.text === name);
    if (element !== undefined && from.startsWith('src/policy/')) {
      return typeIn(from, (element.propertyName ?? element.name).text);
    }
  }
  return null;
}

function namedIn(node: NamedType['node']): NamedType[] {
  const file = node.getSourceFile().fileName;
  const found: NamedType[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isTypeReferenceNode(child) || ts.isExpressionWithTypeArguments(child)) {
      const name = ts.isTypeReferenceNode(child) ? child.typeName : child.expression;
      const type = typeIn(file, name.getText());
      if (type !== null) found.push(type);
    }
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}

function sectionOf({ name, node }: NamedType, types: Types): string {
  const isInterface = ts.isInterfaceDeclaration(node);
  const literal = !isInterface && ts.isTypeLiteralNode(node.type) ? node.type : null;
  const members = isInterface ? node.members : literal?.members;
  const [, one] = /^Readonly<Record<string, (\w+)>>$/.exec(isInterface ? '' : node.type.getText()) ?? [];
  const body =
    one !== undefined && types.has(one)
      ? `By name, each a ${linked(one, types)}.`
      : members === undefined
        ? `\`\`\`ts\n${typeText(node.getText().replace(/^export /, ''))}\n\`\`\``
        : tableOf(members.filter(ts.isPropertySignature), types);
  const parents = isInterface ? (node.heritageClauses ?? []).flatMap((clause) => [...clause.types]) : [];
  const links = parents.map((parent) => linked(parent.getText(), types));
  const more = links.length === 0 ? '' : `And the settings of ${links.join(', ')}.`;
  return [`## ${name}`, docOf(node), body, more].filter((part) => part !== '').join('\n\n');
}

function tableOf(members: readonly ts.PropertySignature[], types: Types): string {
  const rows = members.map((member) => {
    const type = typeText(member.type?.getText() ?? '');
    const shown = type.length > LONGEST_TYPE_IN_A_CELL ? '' : linked(type, types);
    const required = member.questionToken === undefined ? ' (required)' : '';
    const text = docOf(member) || firstSentenceOf(types.get(type.replace(/\[\]$/, '')));
    return `| \`${member.name.getText()}\`${required} | ${cell(shown)} | ${cell(text)} |`;
  });
  return ['| setting | type | |', '| --- | --- | --- |', ...rows].join('\n');
}

/** What a setting is for that has no comment of its own: the beginning of its type's. */
function firstSentenceOf(node: NamedType['node'] | undefined): string {
  const [first = ''] = (node === undefined ? '' : docOf(node)).split(/(?<=\.)\s|\n-/);
  return first;
}

/** A type as code; a link to its section where it is one type of this page, or a list of it. */
function linked(type: string, types: Types): string {
  const name = type.replace(/\[\]$/, '');
  return types.has(name) ? `[\`${type}\`](#${name.toLowerCase()})` : `\`${type}\``;
}

const typeText = (text: string) =>
  text
    .replaceAll(/\breadonly /g, '')
    .replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
    .replaceAll(/\n\s*\n/g, '\n');
