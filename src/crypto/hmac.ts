import { stillBytes } from './still-bytes.ts';

/** A secret, made ready for HMAC (RFC 2104 section 4): what a digest begins with. */
export interface HmacKey {
  readonly hash: string;
  readonly inner: Uint8Array;
  readonly outer: Uint8Array;
}

/** @param hashBytes - 32, 48 or 64: of SHA-256, SHA-384 or SHA-512. */
export async function hmacKey(hashBytes: number, secret: Uint8Array): Promise<HmacKey> {
  const hash = `SHA-${hashBytes * 8}`;
  const blockBytes = hashBytes === 32 ? 64 : 128;
  const bytes = secret.length > blockBytes ? await digest(hash, stillBytes(secret)) : secret;
  return { hash, inner: pad(bytes, blockBytes, 0x36), outer: pad(bytes, blockBytes, 0x5c) };
}

/**
 * HMAC (RFC 2104) on the host's digest. The host's own HMAC cannot be trusted with a key: js-compute 3.46 keeps a pointer to the bytes of an
 * imported HMAC key and not the bytes. Once the collector has moved them it computes with whatever stands there: that refuses good codes, and
 * with what stands there a bad one could be made. The host's digest is asked for whole texts, keeps nothing, and takes a tenth of the time of
 * one in JavaScript.
 */
export async function hmac(
  { hash, inner, outer }: HmacKey,
  message: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return digest(hash, stillBytes(outer, await digest(hash, stillBytes(inner, message))));
}

/** Of the last call: mostly one secret is used time and again. */
let latest: { readonly secret: string; readonly key: HmacKey } | null = null;

/** HMAC-SHA256 of a text. */
export async function hmacOf(secret: string, message: string): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const key = latest?.secret === secret ? latest.key : await hmacKey(32, encoder.encode(secret));
  latest = { secret, key };
  return hmac(key, encoder.encode(message));
}

async function digest(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest(hash, bytes));
}

function pad(secret: Uint8Array, blockBytes: number, filling: number): Uint8Array {
  const block = new Uint8Array(blockBytes).fill(filling);
  for (let i = 0; i < secret.length; i++) block[i] = (secret[i] ?? 0) ^ filling;
  return block;
}
