import { toHex } from '../crypto/hex.ts';

/** Hex SHA-256 of a text in UTF-8, by the host: some twenty times cheaper there than in JavaScript. */
export async function sha256Hex(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return toHex(bytes);
}
