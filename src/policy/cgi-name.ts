/**
 * A field's name as CGI, and all that took after it, reads it: there `X_User_Id` is `X-User-Id`. What may not come in by one
 * name comes by neither.
 *
 * @param name - In lower case.
 */
export function cgiName(name: string): string {
  return name.includes('_') ? name.replaceAll('_', '-') : name;
}
