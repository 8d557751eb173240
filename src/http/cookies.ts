import type { ReadonlyFields } from '../types/fields.ts';
import type { Glob } from '../types/policy.ts';
import { matchesGlob } from './name-pattern.ts';
import { decodePercent } from './percent.ts';
import { trimOws } from './trim.ts';

/**
 * Cookie pairs end at `;`. `Headers` joins several Cookie lines by `, `, so a comma before something that looks like
 * the next pair ends one too: `x=1, session=t` must not hide the session in the value of `x`.
 */
const PAIR_END = /;|, (?=[!#$%&'*+.^_`|~0-9A-Za-z-]+=)/;

const NO_COOKIES: ReadonlyMap<string, readonly string[]> = new Map();

/**
 * All cookies of a request (RFC 6265 section 5.4): exact names, duplicates kept in their order, a pair of quotes
 * around a value removed, nothing decoded. A `Map`, so a cookie named `__proto__` is a cookie like any other.
 * Text without `=` is no cookie.
 */
export function parseCookies(headers: ReadonlyFields): ReadonlyMap<string, readonly string[]> {
  const field = headers.get('cookie');
  if (field === null) return NO_COOKIES;
  const cookies = new Map<string, string[]>();
  for (const pair of field.split(PAIR_END)) {
    const equals = pair.indexOf('=');
    const name = trimOws(pair.slice(0, Math.max(equals, 0)));
    if (name === '') continue;
    const value = unquote(trimOws(pair.slice(equals + 1)));
    const known = cookies.get(name);
    if (known === undefined) cookies.set(name, [value]);
    else known.push(value);
  }
  return cookies;
}

export function cookieNames(headers: ReadonlyFields): ReadonlySet<string> {
  return new Set(parseCookies(headers).keys());
}

/** A cookie that was sent once. Twice it is nobody's, and null: another reader may take the other one. */
export function onlyCookie(headers: ReadonlyFields, name: string): string | null {
  const values = parseCookies(headers).get(name);
  return values?.length === 1 ? (values[0] ?? null) : null;
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

/**
 * The Cookie field without the cookies of these names and patterns, and without those that another reader might take for one of
 * them; null where nothing is left.
 */
export function withoutCookies(
  field: string,
  names: ReadonlySet<string>,
  globs: readonly Glob[] = [],
): string | null {
  const folded = new Set([...names].map(foldName));
  const isNamed = (pair: string) => {
    const sent = pair.slice(0, Math.max(pair.indexOf('='), 0));
    const name = foldName(sent);
    if (folded.has(name)) return true;
    for (const glob of globs) {
      // A broken escape can hide the part behind a star from who decodes, and not from who does not.
      if (matchesGlob(glob.map(foldName), name) || matchesGlob(glob, trimOws(sent))) return true;
    }
    return false;
  };
  // A comma may be part of a value: only where one of the names stands behind it is it taken for the end of a line.
  const kept = field.split(';').flatMap((text) => {
    const pairs = text.split(PAIR_END).map(trimOws);
    return pairs.some(isNamed) ? pairs.filter((pair) => pair !== '' && !isNamed(pair)) : [trimOws(text)];
  });
  const left = kept.filter((pair) => pair !== '');
  return left.length === 0 ? null : left.join('; ');
}

/**
 * A name in the most generous reading: some servers trim more than blanks, some do not tell upper from lower case, PHP decodes (before
 * 7.4.23) and takes `.`, ` ` and `[` for `_`.
 */
function foldName(name: string): string {
  const decoded = decodePercent(name);
  let start = 0;
  let end = decoded.length;
  while (start < end && !isVisible(decoded.charCodeAt(start))) start++;
  while (end > start && !isVisible(decoded.charCodeAt(end - 1))) end--;
  return decoded.slice(start, end).toLowerCase().replace(/[. []/g, '_');
}

function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}
