import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Partition } from '../types/identity.ts';
import { base64url } from './base64url.ts';
import { BoundedMemory } from './bounded-memory.ts';

/** Of a response that belongs to nobody. */
export const PUBLIC_FINGERPRINT = 'public';

/** A keyed digest of a cache key, for the log and for a debugging operator: keys hold claim values. 16 bytes, base64url. */
export function keyDigest(cacheKey: string, secret: string): string {
  const encoder = new TextEncoder();
  const message = JSON.stringify(['cache-key', cacheKey]);
  return base64url(hmac(sha256, encoder.encode(secret), encoder.encode(message)).slice(0, 16));
}

/** An HMAC in JavaScript costs a millisecond of vCPU: once for each identity is enough. */
const memory = new BoundedMemory<string, string>(1000);

/**
 * A keyed digest of whose page it is. It is stored beside the page and compared on every hit, and it stands in the
 * log in the place of the claim values. 16 bytes, base64url.
 */
export function fingerprint(partition: Partition | null, secret: string): string {
  if (partition === null) return PUBLIC_FINGERPRINT;
  const message = JSON.stringify([partition.provider, partition.scope, partition.values]);
  const memoryKey = JSON.stringify([secret, message]);
  const known = memory.get(memoryKey);
  if (known !== undefined) return known;
  const fresh = keyedDigest(message, secret);
  memory.set(memoryKey, fresh);
  return fresh;
}

/** What may be shown of a text that holds claim values: equal texts have equal digests. 16 bytes, base64url. */
export function keyedDigest(text: string, secret: string): string {
  const encoder = new TextEncoder();
  return base64url(hmac(sha256, encoder.encode(secret), encoder.encode(text)).slice(0, 16));
}
