import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import { mostSpecific } from './slow-matcher.ts';
import type { OriginModel, TestRoute } from './types.ts';

const exact = (text: string) => text;
const lower = (text: string) => text.toLowerCase();
const unicode = (text: string) => text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');

/** Bytes, and what a stack makes of them. */
const bytesOf = (text: string) =>
  Buffer.concat(
    (text.match(/%[0-9a-fA-F]{2}|[^%]+|%/g) ?? []).map((part) =>
      /^%../.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'utf8'),
    ),
  );
const decoded = (text: string) => bytesOf(text).toString('utf8');
const split = (text: string) => {
  const segments = text.split('/').slice(1);
  return segments.at(-1) === '' ? segments.slice(0, -1) : segments;
};
const clean = (text: string) => split(path.posix.normalize(`/${text}`));
/** Bytes that are no UTF-8 as Latin-1. */
const readable = (text: string) => {
  const bytes = bytesOf(text);
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
};
const untilStable = (text: string): string => (decoded(text) === text ? text : untilStable(decoded(text)));
const untailed = (text: string) => text.split(/[?#]/, 1)[0] ?? '';

export const MODELS: readonly OriginModel[] = [
  { name: 'Express', read: (asked) => split(asked).map(decoded), same: lower },
  { name: 'case-insensitive', read: (asked) => split(decoded(asked)), same: lower },
  { name: 'PHP', read: (asked) => clean(decoded(asked)), same: exact, hasPathInfo: true },
  {
    name: 'PHP on a file system without case',
    read: (asked) => clean(decoded(asked)),
    same: lower,
    hasPathInfo: true,
  },
  { name: 'urldecode', read: (asked) => split(decoded(asked.replaceAll('+', '%20'))), same: exact },
  {
    name: 'Spring',
    read: (asked) => clean(asked.replace(/;[^/]*/g, '')).map(decoded),
    same: exact,
  },
  { name: 'Tomcat', read: (asked) => clean(decoded(asked.replace(/;[^/]*/g, ''))), same: exact },
  { name: 'Rails', read: (asked) => clean(asked).map(decoded), same: exact, hasFormats: true },
  { name: 'Django', read: (asked) => split(decoded(asked).replace(/\n$/, '')), same: exact },
  { name: 'nginx', read: (asked) => clean(decoded(asked)), same: exact },
  {
    name: 'IIS',
    read: (asked) =>
      clean(
        decoded(asked.replace(/%u00([0-9a-f]{2})/gi, '%$1'))
          .replaceAll('\\', '/')
          .replace(/::\$DATA/gi, '')
          .replace(/[. ]+(?=\/|$)/g, ''),
      ),
    same: lower,
  },
  { name: 'Go ServeMux', read: (asked) => clean(decoded(asked)), same: exact },
  { name: 'decoding twice', read: (asked) => clean(decoded(decoded(asked))), same: exact },
  {
    name: 'decoding twice, as a URL in between',
    read: (asked) => clean(decoded(untailed(decoded(asked)))),
    same: exact,
  },
  { name: 'decoding for ever', read: (asked) => clean(untilStable(asked)), same: lower },
  { name: 'Unicode-folding', read: (asked) => clean(unicode(decoded(asked))), same: unicode },
  { name: 'Unicode-folding, by segment', read: (asked) => split(asked).map(decoded), same: unicode },
  { name: 'trailing dot', read: (asked) => split(decoded(asked).replace(/\.+(?=\/|$)/g, '')), same: exact },
  { name: 'Latin-1', read: (asked) => clean(readable(asked)), same: lower },
  { name: 'C strings', read: (asked) => split(decoded(asked).split('\0', 1)[0] ?? ''), same: exact },
  {
    name: 'the URL standard, decoded before',
    read: (asked) =>
      clean(
        untailed(decoded(asked))
          .replace(/[\t\r\n]/g, '')
          .replaceAll('\\', '/'),
      ),
    same: exact,
  },
];

/** The routes that an origin gives a path to. */
export function routesTo(model: OriginModel, asked: string, routes: readonly TestRoute[]): TestRoute[] {
  const read = model.read(asked);
  if (model.hasFormats) {
    const literal = mostSpecific(read, routes, model).filter(
      ({ pieces }) => pieces.length >= read.length && pieces[read.length - 1]?.kind === 'literal',
    );
    if (literal.length > 0) return literal;
    const last = read.at(-1)?.replace(/(.)\.[^./]+$/, '$1');
    const found = last === undefined ? [] : mostSpecific([...read.slice(0, -1), last], routes, model);
    if (found.length > 0) return found;
  }
  const found = mostSpecific(read, routes, model);
  if (found.length > 0 || !model.hasPathInfo) return found;
  for (let length = read.length - 1; length > 0; length--) {
    const above = mostSpecific(read.slice(0, length), routes, model);
    if (above.length > 0) return above;
  }
  return [];
}
