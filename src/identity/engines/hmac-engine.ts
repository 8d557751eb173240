import { equalBytes } from '../../crypto/equal.ts';
import { type HmacKey, hmac, hmacKey } from '../../crypto/hmac.ts';
import { ofKey } from '../of-key.ts';
import { type JavaScriptEngine, memberOf } from './engine.ts';

/** By the length of the hash: one secret may serve three algorithms. */
const readyKey = ofKey<number, Promise<HmacKey>>();

/** HMAC (RFC 2104, RFC 7518 section 3.2). */
const engine: JavaScriptEngine = {
  async verify({ signingInput, signature }, key, hashBytes) {
    const ready = await readyKey(key, hashBytes, () => hmacKey(hashBytes, memberOf(key, 'k')));
    return equalBytes(await hmac(ready, signingInput), signature);
  },
  prepare() {},
};

export default engine;
