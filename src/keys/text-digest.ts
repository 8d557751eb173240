import { sha256 } from '@noble/hashes/sha2.js';
import { base64url } from '../crypto/base64url.ts';
import { digest } from '../crypto/digest.ts';
import { BoundedMap } from './bounded-map.ts';

const known = new BoundedMap<string, string>(100);

/**
 * base64url SHA-256 of a text, at once. In JavaScript each 64 bytes of it cost over three million instructions: whoever can wait has
 * it made by the host before, {@link prepareDigest}. The latest are remembered: a group shares its values, and a person names them
 * several times.
 */
export function textDigest(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const made = base64url(sha256(new TextEncoder().encode(text)));
  known.set(text, made);
  return made;
}

export function isKnown(text: string): boolean {
  return known.get(text) !== undefined;
}

/** Has the host make the digest that {@link textDigest} is then asked for. */
export async function prepareDigest(text: string): Promise<void> {
  if (!isKnown(text)) known.set(text, await digest(text));
}
