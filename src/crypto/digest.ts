import { base64url } from './base64url.ts';

/** base64url SHA-256 of a text, by the host: some twenty times cheaper there than in JavaScript. */
export function digest(text: string): Promise<string> {
  return digestOfBytes(new TextEncoder().encode(text));
}

/** The same of bytes: still ones, where they are few (still-bytes.ts). */
export async function digestOfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
