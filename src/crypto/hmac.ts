import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * HMAC-SHA256 (RFC 2104), in JavaScript. The host's would be faster, but the host of this runtime (js-compute 3.46) keeps a
 * pointer to the bytes of an imported HMAC key and not the bytes: once the collector has moved them, sooner for some
 * lengths, it computes with whatever stands there. That refuses good codes, and with what stands there a bad one could be
 * made.
 */
export function hmacOf(secret: string, message: string): Uint8Array {
  const encoder = new TextEncoder();
  return hmac(sha256, encoder.encode(secret), encoder.encode(message));
}

/** Whether two codes are equal; the time that it takes tells nothing of where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
