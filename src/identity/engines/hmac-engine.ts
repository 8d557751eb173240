import { equalBytes } from '../../crypto/equal.ts';
import { hmac } from '../../crypto/hmac.ts';
import type { JavaScriptEngine } from './engine.ts';

/** HMAC (RFC 2104, RFC 7518 section 3.2). */
const engine: JavaScriptEngine = {
  async verify({ signingInput, signature }, key, hashBytes) {
    return equalBytes(await hmac(hashBytes, key.member('k'), signingInput), signature);
  },
  prepare() {},
};

export default engine;
