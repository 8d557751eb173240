import { sha256 } from '@noble/hashes/sha2.js';

/** Compares secrets by their digests, so that neither the length nor a common beginning shows in the time it takes. */
export function equalInConstantTime(a: string, b: string): boolean {
  const encoder = new TextEncoder();
  const left = sha256(encoder.encode(a));
  const right = sha256(encoder.encode(b));
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
}
