import { sha256 } from '@noble/hashes/sha2.js';
import { base64url } from '../crypto/base64url.ts';
import { BoundedMap } from './bounded-map.ts';

const known = new BoundedMap<string, string>(100);
const MAX_REMEMBERED_LENGTH = 512;

/**
 * base64url SHA-256 of a text, at once: the host's own digest is a promise. In JavaScript it costs over three million instructions, so
 * the latest are remembered: a group shares its values, and a person names them several times.
 */
export function textDigest(text: string): string {
  const before = known.get(text);
  if (before !== undefined) return before;
  const made = base64url(sha256(new TextEncoder().encode(text)));
  if (text.length <= MAX_REMEMBERED_LENGTH) known.set(text, made);
  return made;
}
