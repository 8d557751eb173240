import type { EditableFields, NamedFields } from '../types/fields.ts';

const MAX_NAMES = 10;
/** A cookie's name (RFC 6265 section 4.1.1), of a length that a log can bear; any other is a `?` there. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;

/** The names, never the values, of the cookies that a response sets: for the log, so bounded in number and length. */
export function setCookieNames(headers: NamedFields): readonly string[] {
  const names = headers.getSetCookie().map((line) => line.split('=', 1)[0]?.trim() ?? '');
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
