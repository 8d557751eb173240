/**
 * A field's name as CGI, and all that took after it, reads it: PHP and lighttpd make `_` of every character that is neither letter nor
 * digit, so that `X_User.Id` is `X-User-Id`. What may not come in by one name comes by none of its spellings.
 *
 * @param name - In lower case.
 */
export function cgiName(name: string): string {
  return isPlain(name) ? name : name.replace(/[^a-z0-9-]/g, '-');
}

/** Letters, digits and `-` alone: a name that everybody reads alike. In lower case. */
export function isPlain(name: string): boolean {
  return PLAIN.test(name);
}

const PLAIN = /^[a-z0-9-]+$/;
