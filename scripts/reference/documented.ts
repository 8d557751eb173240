import ts from 'typescript';
import { cell, docOf, oneLine, tagOf, withLinks } from './doc-comment.ts';
import { declarationsOf, sourceOf } from './source.ts';

/** Something of a type or a constant, with its comment. */
export interface Documented {
  readonly name: string;
  readonly text: string;
  readonly node: ts.Node;
}

/** The members of an interface, each with its comment. A member without one is an error: nothing is left undocumented. */
export function membersOf(file: string, name: string): Documented[] {
  const node = declarationsOf(file).get(name);
  if (node === undefined || !ts.isInterfaceDeclaration(node)) throw missing(file, name);
  return node.members
    .filter(ts.isPropertySignature)
    .map((member) => documented(file, member.name.getText(), member, docOf(member)));
}

/** The members of a constant object, each with its comment. */
export function propertiesOf(file: string, name: string): (Documented & { readonly fix: string })[] {
  let object: ts.ObjectLiteralExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name) object = literalIn(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(sourceOf(file));
  if (object === undefined) throw missing(file, name);
  return object.properties.filter(isNamed).map((property) => ({
    ...documented(file, property.name.getText(), property, docOf(property)),
    fix: tagOf(property, 'fix'),
  }));
}

/** The texts of a union type, each with the comment before it. */
export function textsOf(file: string, name: string): Documented[] {
  const node = declarationsOf(file).get(name);
  if (node === undefined || !ts.isTypeAliasDeclaration(node) || !ts.isUnionTypeNode(node.type))
    throw missing(file, name);
  const { text } = node.getSourceFile();
  let end = node.name.end;
  return node.type.types.map((type) => {
    const [, comment = ''] = /\/\*\*([\s\S]*?)\*\//.exec(text.slice(end, type.getStart())) ?? [];
    end = type.end;
    const plain = oneLine(comment.replaceAll(/^\s*\* ?/gm, '')).trim();
    return documented(file, type.getText().slice(1, -1), type, withLinks(plain));
  });
}

const isNamed = (property: ts.ObjectLiteralElementLike) =>
  ts.isPropertyAssignment(property) || ts.isShorthandPropertyAssignment(property);

export function tableOf(
  head: readonly string[],
  rows: Iterable<readonly [name: string, ...cells: (string | number)[]]>,
): string {
  return markdownTable(
    head,
    Array.from(rows, ([name, ...cells]) => [`\`${name}\``, ...cells.map((text) => cell(String(text)))]),
  );
}

/** A table whose cells are Markdown already. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function documented(file: string, name: string, node: ts.Node, text: string): Documented {
  if (text === '') throw new Error(`${name} of ${file} has no comment, and the reference is made of it.`);
  return { name, text, node };
}

function literalIn(node: ts.Expression | undefined): ts.ObjectLiteralExpression | undefined {
  if (node === undefined || ts.isObjectLiteralExpression(node)) return node;
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) ? literalIn(node.expression) : undefined;
}

const missing = (file: string, name: string) => new Error(`${file} has no ${name}.`);
