import { stillBytes } from './still-bytes.ts';

/**
 * HMAC (RFC 2104) on the host's digest. The host's own HMAC cannot be trusted with a key: js-compute 3.46 keeps a pointer to the bytes of an
 * imported HMAC key and not the bytes. Once the collector has moved them it computes with whatever stands there: that refuses good codes, and
 * with what stands there a bad one could be made. The host's digest is asked for whole texts, keeps nothing, and takes a tenth of the time of
 * one in JavaScript.
 *
 * @param hashBytes - 32, 48 or 64: of SHA-256, SHA-384 or SHA-512.
 */
export async function hmac(
  hashBytes: number,
  key: Uint8Array,
  message: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const hash = `SHA-${hashBytes * 8}`;
  const blockBytes = hashBytes === 32 ? 64 : 128;
  const secret = key.length > blockBytes ? await digest(hash, stillBytes(key)) : key;
  const inner = await digest(hash, stillBytes(pad(secret, blockBytes, 0x36), message));
  return digest(hash, stillBytes(pad(secret, blockBytes, 0x5c), inner));
}

/** HMAC-SHA256 of a text. */
export function hmacOf(secret: string, message: string): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return hmac(32, encoder.encode(secret), encoder.encode(message));
}

async function digest(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest(hash, bytes));
}

function pad(secret: Uint8Array, blockBytes: number, filling: number): Uint8Array {
  const block = new Uint8Array(blockBytes).fill(filling);
  for (let i = 0; i < secret.length; i++) block[i] = (secret[i] ?? 0) ^ filling;
  return block;
}
