import { sha256 } from '@noble/hashes/sha2.js';
import { equalBytes } from './hmac.ts';

/** Compares secrets by their digests, so that neither the length nor a common beginning shows in the time it takes. */
export function equalInConstantTime(a: string, b: string): boolean {
  const encoder = new TextEncoder();
  return equalBytes(sha256(encoder.encode(a)), sha256(encoder.encode(b)));
}
