import { equalBytes } from '../../crypto/hmac.ts';
import { stillBytes } from '../../crypto/still-bytes.ts';
import type { JavaScriptEngine } from './engine.ts';

/**
 * HMAC (RFC 2104, RFC 7518 section 3.2) on the host's digest. The host's own HMAC cannot be trusted with a key: see `keys/hmac.ts`.
 * Its digest is asked for whole texts, keeps nothing, and takes a tenth of the time of one in JavaScript.
 */
const engine: JavaScriptEngine = {
  async verify({ signingInput, signature }, key, hashBytes) {
    const hash = `SHA-${hashBytes * 8}`;
    const blockBytes = hashBytes === 32 ? 64 : 128;
    const given = key.member('k');
    const secret = given.length > blockBytes ? await digest(hash, stillBytes(given)) : given;
    const inner = await digest(hash, stillBytes(pad(secret, blockBytes, 0x36), signingInput));
    return equalBytes(await digest(hash, stillBytes(pad(secret, blockBytes, 0x5c), inner)), signature);
  },
  prepare() {},
};

async function digest(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(hash, bytes));
}

function pad(secret: Uint8Array, blockBytes: number, filling: number): Uint8Array {
  const block = new Uint8Array(blockBytes).fill(filling);
  for (let i = 0; i < secret.length; i++) block[i] = (secret[i] ?? 0) ^ filling;
  return block;
}

export default engine;
