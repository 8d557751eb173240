import { sha256 } from '@noble/hashes/sha2.js';

/** Compares secrets by their digests, so that neither the length nor a common beginning shows in the time it takes. */
export function equalInConstantTime(a: string, b: string): boolean {
  const encoder = new TextEncoder();
  return equalBytes(sha256(encoder.encode(a)), sha256(encoder.encode(b)));
}

/** Whether two codes are equal; the time that it takes tells nothing of where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  const left = words(a);
  const right = words(b);
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}

/** Four bytes at once, and zeros behind the last. */
function words(bytes: Uint8Array): Uint32Array {
  const whole = new Uint32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(whole.buffer).set(bytes);
  return whole;
}
