import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Partition } from '../types.ts';
import { base64url } from './base64url.ts';

/** Of a response that belongs to nobody. */
export const PUBLIC_FINGERPRINT = 'public';

const memory = new WeakMap<Partition, { secret: string; fingerprint: string }>();

/**
 * A keyed digest of whose page it is. It is stored beside the page and compared on every hit, and it stands in the
 * log in the place of the claim values. 16 bytes, base64url.
 */
export function fingerprint(partition: Partition | null, secret: string): string {
  if (partition === null) return PUBLIC_FINGERPRINT;
  const known = memory.get(partition);
  if (known?.secret === secret) return known.fingerprint;
  const encoder = new TextEncoder();
  const message = JSON.stringify([partition.provider, partition.scope, partition.values]);
  const fresh = base64url(hmac(sha256, encoder.encode(secret), encoder.encode(message)).slice(0, 16));
  memory.set(partition, { secret, fingerprint: fresh });
  return fresh;
}
