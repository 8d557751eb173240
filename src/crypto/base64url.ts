import { encode } from 'jose/base64url';

/** base64url without padding (RFC 7515 section 2), by the runtime itself where it can. */
export function base64url(bytes: Uint8Array): string {
  return encode(bytes);
}
