import path from 'node:path';
import ts from 'typescript';
import { docOf, tagsOf } from './doc-comment.ts';
import { type Declaration, declarationsOf, sourceOf } from './source.ts';

const ENTRIES: readonly (readonly [name: string, file: string])[] = [
  ['claimcache', 'src/index.ts'],
  ['claimcache/webpack', 'src/build/webpack.ts'],
  ['claimcache/testing', 'src/testing/index.ts'],
  ['claimcache/providers', 'src/identity/presets/index.ts'],
  ['claimcache/cms', 'src/policy/cms/presets/index.ts'],
  ['claimcache/hooks', 'src/policy/purge-hooks/presets/index.ts'],
  ['claimcache/client', 'src/client/index.ts'],
];

/** Interfaces that have a page of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  LogRecord: 'The fields: [Logs](logs.md#fields).',
  PolicyInput: 'The settings: [Settings](settings.md#policyinput).',
};

/** What each entry of the package exports, with its documentation: the page `reference/api.md`. */
export function apiPage(): string {
  return [
    '# API',
    'What the package exports. Made from the sources and their comments by `npm run docs:reference`. The types of a policy: [Settings](settings.md).',
    ...ENTRIES.flatMap(([name, file]) => [
      `## ${name}`,
      ...[...exportsOf(file)]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([title, node]) => entryOf(title, node)),
    ]),
    '',
  ].join('\n\n');
}

/** The exports of a file by name, through files that hand them on. */
function exportsOf(file: string): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  const declared = declarationsOf(file);
  for (const [name, node] of declared) {
    if (isExported(node)) found.set(name, node);
  }
  for (const node of sourceOf(file).statements.filter(ts.isExportDeclaration)) {
    const { exportClause, moduleSpecifier } = node;
    const from =
      moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)
        ? path.posix.join(path.posix.dirname(file), moduleSpecifier.text)
        : file;
    const theirs = from === file ? declared : exportsOf(from);
    if (exportClause === undefined) for (const entry of theirs) found.set(...entry);
    else if (ts.isNamedExports(exportClause)) {
      for (const { name, propertyName } of exportClause.elements) {
        const declaration = theirs.get((propertyName ?? name).text);
        if (declaration !== undefined) found.set(name.text, declaration);
      }
    }
  }
  return found;
}

const isExported = (node: Declaration) =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

function entryOf(name: string, node: Declaration): string {
  const code = ELSEWHERE[name] ?? `\`\`\`ts\n${signatureOf(node)}\n\`\`\``;
  return [`### ${name}`, docOf(node), code, tagsOf(node)].filter((part) => part !== '').join('\n\n');
}

/** A declaration without the bodies of functions, and without its own documentation. */
function signatureOf(node: Declaration): string {
  const text = node.getText().replace(/^export (?:default )?/, '');
  if (ts.isFunctionDeclaration(node)) {
    const end = node.body === undefined ? node.end : node.body.pos;
    return node
      .getSourceFile()
      .text.slice(node.getStart(), end)
      .replace(/^export /, '')
      .trim();
  }
  if (ts.isVariableStatement(node)) {
    const [declaration] = node.declarationList.declarations;
    const type = declaration?.type?.getText();
    return `const ${declaration?.name.getText()}${type === undefined ? '' : `: ${type}`}`;
  }
  if (ts.isClassDeclaration(node)) {
    const parents = (node.heritageClauses ?? []).map((clause) => ` ${clause.getText()}`).join('');
    const members = node.members.filter(ts.isPropertyDeclaration).map((member) => `  ${member.getText()}`);
    return [`class ${node.name?.getText()}${parents} {`, ...members, '}'].join('\n');
  }
  return text;
}
