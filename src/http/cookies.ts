import type { ReadonlyFields } from './fields.ts';
import { trimOws } from './trim.ts';

/** Exact names, each with its values in their order. A `Map`, so a cookie named `__proto__` is a cookie like any other. */
export type Cookies = ReadonlyMap<string, readonly string[]>;

/** The cookies of a request, read once. */
export interface CookieField {
  /** As it goes on: the bytes that were read, several fields as one list joined by `; `. null: there is none. */
  readonly text: string | null;
  readonly cookies: Cookies;
}

export const NO_COOKIES: Cookies = new Map();
const NO_FIELD: CookieField = { text: null, cookies: NO_COOKIES };

/** `Headers` joins several fields by `, `: where something like the next pair stands behind one, another field began. */
const FIELD_END = /, (?=[!#$%&'*+.^_`|~0-9A-Za-z-]+=)/g;

/**
 * Reads the cookies of a request (RFC 6265 section 5.4): duplicates kept in their order, a pair of quotes around a value removed,
 * nothing decoded. Text without `=` is no cookie. HTTP/2 clients send one list in several fields (RFC 9113 section 8.2.3).
 * Linear in time.
 *
 * @param maxPairs - Pairs that are read, empty ones too.
 * @returns null where there are more.
 */
export function readCookies(field: string | null, maxPairs: number): CookieField | null {
  if (field === null) return NO_FIELD;
  const cookies = new Map<string, string[]>();
  // Without a comma of that kind the text stays the one that came.
  const parts: string[] | null = field.includes(', ') ? [] : null;
  let pairs = 0;
  for (let start = 0; start <= field.length; ) {
    const semicolon = field.indexOf(';', start);
    const end = semicolon < 0 ? field.length : semicolon;
    const text = field.slice(start, end);
    const members = parts === null || !text.includes(', ') ? [text] : membersOf(text, maxPairs - pairs);
    pairs += members.length;
    if (pairs > maxPairs) return null;
    for (let i = 0; i < members.length; i++) addPair(cookies, members[i] as string);
    parts?.push(members.join('; '));
    start = end + 1;
  }
  return { text: parts === null ? field : parts.join(';'), cookies };
}

/** The same of text whose length was bounded before. */
export function rereadCookies(field: string | null): CookieField {
  return readCookies(field, Number.POSITIVE_INFINITY) ?? NO_FIELD;
}

/** The cookies of header fields that nobody has read yet. */
export function parseCookies(headers: ReadonlyFields): Cookies {
  return rereadCookies(headers.get('cookie')).cookies;
}

/** A cookie that was sent once. Twice it is nobody's, and null: another reader may take the other one. */
export function onlyCookie(cookies: Cookies, name: string): string | null {
  const values = cookies.get(name);
  return values?.length === 1 ? (values[0] ?? null) : null;
}

/** The value of a token's cookie: one that was sent twice with one value is one. undefined: there is none; null: there are two. */
export function tokenCookie(cookies: Cookies, name: string): string | null | undefined {
  const values = cookies.get(name);
  if (values === undefined || values.length === 1) return values?.[0];
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return null;
  return values[0];
}

/** The text between two semicolons, taken apart where fields end. No more members than one beyond the limit. */
function membersOf(text: string, limit: number): string[] {
  const members: string[] = [];
  let start = 0;
  let quoted = quotedValue(text, 0);
  FIELD_END.lastIndex = 0;
  while (members.length <= limit) {
    const end = FIELD_END.exec(text);
    if (end === null) break;
    // A comma in a quoted value is part of it.
    if (end.index > quoted.start && end.index < quoted.end) continue;
    members.push(text.slice(start, end.index));
    start = end.index + 2;
    quoted = quotedValue(text, start);
  }
  members.push(text.slice(start));
  return members;
}

const NOT_QUOTED = { start: 0, end: 0 };

/**
 * Where the value of the pair that begins at `from` is quoted. A quote that nothing closes, or that closes in the middle of a
 * word, quotes nothing: it must not hide the field behind it.
 */
function quotedValue(text: string, from: number): { readonly start: number; readonly end: number } {
  let start = text.indexOf('=', from) + 1;
  while (start > 0 && text.charCodeAt(start) === 0x20) start++;
  if (start === 0 || text.charCodeAt(start) !== 0x22) return NOT_QUOTED;
  const end = text.indexOf('"', start + 1);
  const isClosed = end > 0 && /^[ ,]?$/.test(text.charAt(end + 1));
  return isClosed ? { start, end } : NOT_QUOTED;
}

function addPair(cookies: Map<string, string[]>, pair: string): void {
  const equals = pair.indexOf('=');
  if (equals <= 0) return;
  const name = trimOws(pair.slice(0, equals));
  if (name === '') return;
  const value = unquote(trimOws(pair.slice(equals + 1)));
  const known = cookies.get(name);
  if (known === undefined) cookies.set(name, [value]);
  else known.push(value);
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
