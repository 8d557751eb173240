import { type AST, parseTOML } from 'toml-eslint-parser';

/** A value with the place where it is written. */
export interface WrittenValue {
  /** From the top of the document; an array counts as the key that names it. */
  readonly path: readonly string[];
  readonly node: AST.TOMLKeyValue;
  /** Of the table that its line stands in; null in an inline table. */
  readonly table: readonly string[] | null;
}

/** A `[header]`, or the top of the document, with its own lines. */
export interface WrittenTable {
  readonly path: readonly string[];
  readonly isArray: boolean;
  /** Where its last line ends, before what stands behind it in that line. */
  readonly end: number;
}

export interface TomlNodes {
  readonly tables: readonly WrittenTable[];
  readonly values: readonly WrittenValue[];
}

/** What a document says, and where. Elements of arrays are not looked into. */
export function readNodes(text: string): TomlNodes {
  const tables: WrittenTable[] = [];
  const values: WrittenValue[] = [];
  for (const node of parseTOML(text).body[0].body) {
    if (node.type === 'TOMLKeyValue') values.push(...valuesOf(node, [], []));
    else {
      const path = namesOf(node.key);
      tables.push({ path, isArray: node.kind === 'array', end: node.range[1] });
      values.push(...node.body.flatMap((pair) => valuesOf(pair, path, path)));
    }
  }
  return { tables, values };
}

function valuesOf(
  node: AST.TOMLKeyValue,
  above: readonly string[],
  table: readonly string[] | null,
): WrittenValue[] {
  const path = [...above, ...namesOf(node.key)];
  const inner =
    node.value.type === 'TOMLInlineTable'
      ? node.value.body.flatMap((pair) => valuesOf(pair, path, null))
      : [];
  return [{ path, node, table }, ...inner];
}

function namesOf({ keys }: AST.TOMLKey): string[] {
  return keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
}

export function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= path.length && prefix.every((name, i) => path[i] === name);
}
