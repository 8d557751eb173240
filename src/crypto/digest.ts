import { base64url } from './base64url.ts';

/** base64url SHA-256 of a text, by the host: some twenty times cheaper there than in JavaScript. */
export async function digest(text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}
