import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { equalBytes } from '../../keys/hmac.ts';
import type { JavaScriptEngine } from './engine.ts';

/** HMAC (RFC 7518 section 3.2). The host's cannot be trusted with a key: see `keys/hmac.ts`. */
const engine: JavaScriptEngine = {
  verify({ signingInput, signature }, key, hashBytes) {
    const hash = hashBytes === 32 ? sha256 : hashBytes === 48 ? sha384 : sha512;
    return equalBytes(hmac(hash, key.member('k'), signingInput), signature);
  },
  prepare() {},
};

export default engine;
