import type { EditableFields, NamedFields } from './fields.ts';
import { matchesName } from './name-pattern.ts';

const MAX_NAMES = 10;
/** A cookie's name (RFC 6265 section 4.1.1), of a length that a log can bear; any other is a `?` there. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;

/** Between two fields that somebody has joined, but not behind the weekday of an `Expires`. */
const FIELD_END = /, (?!\d\d?[ -][A-Za-z]{3}[ -]\d{2,4}[ ;,])/;

/** The names of the cookies that a response sets, '' for what has none. Where a value looks like the beginning of another field it counts as one. */
export function namesOfSetCookies(headers: NamedFields): readonly string[] {
  return headers.getSetCookie().flatMap((line) => line.split(FIELD_END).map(nameOf));
}

/** The name that one `Set-Cookie` sets. */
export function nameOf(line: string): string {
  const end = line.search(/[=;]/);
  return end < 0 || line[end] === ';' ? '' : line.slice(0, end).trim();
}

/** Whether everything that a response sets is named by one of the patterns. */
export function setsOnly(headers: NamedFields, patterns: readonly string[]): boolean {
  return (
    patterns.length > 0 &&
    namesOfSetCookies(headers).every((name) => patterns.some((pattern) => matchesName(pattern, name)))
  );
}

/** Names, never values, of cookies: for the log, so bounded in number and length. */
export function loggedNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => (NAME.test(name) ? name : '?')))].slice(0, MAX_NAMES);
}

/**
 * Takes every `Set-Cookie` out. The runtime's `Headers.delete` leaves half of them where there are some twenty or more, and
 * what is left would be stored with a page for everybody.
 *
 * @throws where some are left all the same: then the page must not be stored.
 */
export function removeSetCookie(headers: EditableFields): void {
  for (let tries = 0; headers.has('set-cookie'); tries++) {
    if (tries > 32) throw new Error('Set-Cookie cannot be removed');
    headers.delete('set-cookie');
  }
}
