import type { Fields } from '../types.ts';

/**
 * Takes every `Set-Cookie` out. The runtime's `Headers.delete` leaves half of them where there are some twenty or more, and
 * what is left would be stored with a page for everybody.
 *
 * @throws where some are left all the same: then the page must not be stored.
 */
export function removeSetCookie(headers: Fields): void {
  for (let tries = 0; headers.has('set-cookie'); tries++) {
    if (tries > 32) throw new Error('Set-Cookie cannot be removed');
    headers.delete('set-cookie');
  }
}
