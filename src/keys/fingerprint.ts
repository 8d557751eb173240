import { base64url } from '../crypto/base64url.ts';
import { hmacOf } from '../crypto/hmac.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Partition } from './partition.ts';

/** Of a response that belongs to nobody. */
export const PUBLIC_FINGERPRINT = 'public';

/** A keyed digest of a cache key, for the log and for a debugging operator: keys hold claim values. 16 bytes, base64url. */
export function keyDigest(cacheKey: string, secret: string): Promise<string> {
  return keyedDigest(JSON.stringify(['cache-key', cacheKey]), secret);
}

/** What the entry of a token keeps is found by itself, and goes with it. */
const kept = new WeakMap<Partition, { readonly secret: string; readonly fingerprint: string }>();
/** By its values: of a refreshed token, of a sealed request, of a scope that nobody verifies. */
const memory = new BoundedMap<string, string>(100);

/**
 * A keyed digest of whose page it is. It is stored beside the page and compared on every hit, and it stands in the
 * log in the place of the claim values. 16 bytes, base64url.
 */
export async function fingerprint(partition: Partition, secret: string): Promise<string> {
  const own = kept.get(partition);
  if (own?.secret === secret) return own.fingerprint;
  const made = await byValues(partition, secret);
  kept.set(partition, { secret, fingerprint: made });
  return made;
}

async function byValues(partition: Partition, secret: string): Promise<string> {
  const message = JSON.stringify([partition.provider, partition.issuer, partition.scope, partition.values]);
  const memoryKey = JSON.stringify([secret, message]);
  const known = memory.get(memoryKey);
  if (known !== undefined) return known;
  const fresh = await keyedDigest(message, secret);
  memory.set(memoryKey, fresh);
  return fresh;
}

async function keyedDigest(text: string, secret: string): Promise<string> {
  return base64url((await hmacOf(secret, text)).slice(0, 16));
}
