import type { PackedCookie } from '../policy/providers/cookie-formats.ts';
import type { Provider } from '../policy/providers/provider.ts';
import encryptedTokens from './encrypted/encrypted-tokens.ts';
import packedCookies from './token-cookies/packed-cookies.ts';
import { SIGNED, type TokenReader } from './token-memory.ts';

/**
 * How a provider reads what stood in a place: an encrypted token is never taken for a signed one, nor the other way round.
 *
 * @param packed - The cookie with a format that it stood in; without one it stood there as it is.
 */
export function readerOf({ encryption }: Provider, packed?: PackedCookie): TokenReader {
  if (encryption !== null) return encryptedTokens.reader(encryption);
  return packed === undefined ? SIGNED : packedCookies.reader(packed);
}
