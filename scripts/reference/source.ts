import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../root.ts';

export type Declaration =
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.VariableStatement;

const parsed = new Map<string, ts.SourceFile>();

/** A file of the repository as a syntax tree. Nothing is type-checked: that takes a second where a check takes twenty. */
export function sourceOf(file: string): ts.SourceFile {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(path.join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  parsed.set(file, source);
  return source;
}

/** What a file declares at its top level, by name. */
export function declarationsOf(file: string): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const node of sourceOf(file).statements) {
    if (ts.isVariableStatement(node)) {
      for (const { name } of node.declarationList.declarations)
        if (ts.isIdentifier(name)) found.set(name.text, node);
    } else if (
      (ts.isInterfaceDeclaration(node) ||
        ts.isTypeAliasDeclaration(node) ||
        ts.isFunctionDeclaration(node) ||
        ts.isClassDeclaration(node)) &&
      node.name !== undefined
    ) {
      // The first of the overloads of a function has its documentation.
      if (!found.has(node.name.text)) found.set(node.name.text, node);
    }
  }
  return found;
}
