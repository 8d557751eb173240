import { isDeepStrictEqual } from 'node:util';
import { parse, stringify, type TomlTable, type TomlValue } from 'smol-toml';
import { readNodes, startsWith, type TomlNodes } from './toml-nodes.ts';
import { bodyLines, keyPathText, valueText } from './toml-text.ts';

/** Something that is to stand in a document. */
export interface TomlAddition {
  readonly path: readonly string[];
  readonly value: TomlValue;
  /** It becomes the last element of the array at `path`, which is made where there is none. */
  readonly isElement?: boolean;
  /** A line before it. */
  readonly comment?: string;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/**
 * The document with one thing more. Nothing that is there changes: the result is the text with one insertion, and it is parsed and compared
 * before it is returned.
 *
 * @returns null where the way in which the document is written leaves no place for it.
 */
export function insertToml(text: string, addition: TomlAddition): string | null {
  const wanted = withAddition(parse(text), addition);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const nodes = readNodes(text);
  for (const place of [inInlineValue, besideDottedKeys, inTable, asBlock]) {
    const insertion = place(text, nodes, addition);
    if (insertion === null) continue;
    const inserted = insertion.text.replaceAll('\n', newline);
    const result = text.slice(0, insertion.at) + inserted + text.slice(insertion.at);
    if (says(result, wanted)) return result;
  }
  return null;
}

function says(text: string, wanted: TomlTable): boolean {
  try {
    // Both sides go through the parser, so that they have the same prototypes.
    return isDeepStrictEqual(parse(text), parse(stringify(wanted)));
  } catch {
    return false;
  }
}

/** Into the inline table or array that holds the place. */
function inInlineValue(
  text: string,
  { values }: TomlNodes,
  { path, value, isElement }: TomlAddition,
): Insertion | null {
  for (let depth = isElement ? path.length : path.length - 1; depth > 0; depth--) {
    const prefix = path.slice(0, depth);
    const holder = values.find((one) => one.path.length === depth && startsWith(one.path, prefix))?.node
      .value;
    if (holder?.type === 'TOMLArray' && isElement && depth === path.length) {
      return intoList(text, holder.range, holder.elements, valueText(value));
    }
    if (holder?.type === 'TOMLInlineTable') {
      const rest = keyPathText(path.slice(depth));
      return intoList(text, holder.range, holder.body, `${rest} = ${valueText(isElement ? [value] : value)}`);
    }
  }
  return null;
}

interface Ranged {
  readonly range: readonly [number, number];
}

/** Behind the last member, in a line of its own where the members have one each; a comment behind a member stays there. */
function intoList(
  text: string,
  [start, end]: readonly [number, number],
  members: readonly Ranged[],
  written: string,
): Insertion {
  const last = members.at(-1);
  if (last === undefined) return { at: start + 1, text: text[start] === '{' ? ` ${written} ` : written };
  const lineStart = text.lastIndexOf('\n', last.range[0]) + 1;
  const indent = text.slice(lineStart, last.range[0]);
  const hasLines = lineStart > start && indent.trim() === '';
  if (!hasLines) return { at: last.range[1], text: `, ${written}` };
  const behind = text.slice(last.range[1], end - 1);
  const eol = lineEnd(text, last.range[1]);
  const hasComma = behind.replace(/#[^\n]*/g, '').includes(',');
  if (hasComma && eol < end) return { at: eol, text: `\n${indent}${written},` };
  if (behind.includes('#') && eol < end) return { at: eol, text: `\n${indent}, ${written}` };
  return { at: last.range[1], text: `,\n${indent}${written}` };
}

/** `a.b.c = 1` makes `a.b`, and whatever else is in it has to stand in the same table. */
function besideDottedKeys(
  text: string,
  { values }: TomlNodes,
  { path, value, isElement }: TomlAddition,
): Insertion | null {
  for (let depth = path.length - 1; depth > 0; depth--) {
    const prefix = path.slice(0, depth);
    const beside = values.findLast(
      ({ table, path: other }) =>
        table !== null && table.length < depth && other.length > depth && startsWith(other, prefix),
    );
    if (beside === undefined || beside.table === null) continue;
    const written = valueText(isElement ? [value] : value);
    const line = `${keyPathText(path.slice(beside.table.length))} = ${written}`;
    return { at: lineEnd(text, beside.node.range[1]), text: `\n${line}` };
  }
  return null;
}

/** A single value, behind the last line of its table. */
function inTable(
  text: string,
  { tables }: TomlNodes,
  { path, value, isElement }: TomlAddition,
): Insertion | null {
  if (isTable(value) || isElement) return null;
  const above = path.slice(0, -1);
  const table = tables.find((one) => one.path.length === above.length && startsWith(one.path, above));
  if (table === undefined) return null;
  const line = `${keyPathText(path.slice(-1))} = ${valueText(value)}`;
  return { at: lineEnd(text, table.end), text: `\n${line}` };
}

/** A `[header]` with its lines, behind the last one that it has most in common with. */
function asBlock(
  text: string,
  { tables }: TomlNodes,
  { path, value, isElement, comment }: TomlAddition,
): Insertion {
  const [headerPath, body] =
    isTable(value) || isElement
      ? [path, isTable(value) ? bodyLines(value) : []]
      : [path.slice(0, -1), bodyLines({ [path.at(-1) ?? '']: value })];
  const header = isElement ? `[[${keyPathText(headerPath)}]]` : `[${keyPathText(headerPath)}]`;
  const lines = [...(comment === undefined ? [] : [`# ${comment}`]), header, ...body];
  const common = (other: readonly string[]) => {
    const differs = path.findIndex((name, i) => other[i] !== name);
    return differs === -1 ? path.length : differs;
  };
  const longest = Math.max(0, ...tables.map((table) => common(table.path)));
  const before = longest === 0 ? undefined : tables.findLast((table) => common(table.path) === longest);
  const at = before === undefined ? text.trimEnd().length : lineEnd(text, before.end);
  const gap = text.slice(0, at).trim() === '' ? '' : '\n\n';
  const rest = text.slice(at);
  return { at, text: `${gap}${lines.join('\n')}${rest === '' ? '\n' : ''}` };
}

/** A comment behind a value belongs to it. */
function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  if (end === -1) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}

function withAddition(document: TomlTable, { path, value, isElement }: TomlAddition): TomlTable {
  const [first = '', ...rest] = path;
  const there = document[first];
  if (rest.length > 0) {
    const inner = there !== undefined && isTable(there) ? there : {};
    return {
      ...document,
      [first]: withAddition(inner, { path: rest, value, isElement: isElement ?? false }),
    };
  }
  return { ...document, [first]: isElement ? [...(Array.isArray(there) ? there : []), value] : value };
}
