import { equalBytes } from '../../crypto/equal.ts';
import { type HmacKey, hmac, hmacKey } from '../../crypto/hmac.ts';
import type { VerificationKey } from '../verification-key.ts';
import { type JavaScriptEngine, memberOf } from './engine.ts';

/** Kept together with the key set. One secret may serve three algorithms. */
const known = new WeakMap<VerificationKey, Map<number, Promise<HmacKey>>>();

/** HMAC (RFC 2104, RFC 7518 section 3.2). */
const engine: JavaScriptEngine = {
  async verify({ signingInput, signature }, key, hashBytes) {
    return equalBytes(await hmac(await readyKey(key, hashBytes), signingInput), signature);
  },
  prepare() {},
};

function readyKey(key: VerificationKey, hashBytes: number): Promise<HmacKey> {
  const ofKey = known.get(key) ?? new Map<number, Promise<HmacKey>>();
  known.set(key, ofKey);
  let ready = ofKey.get(hashBytes);
  if (ready === undefined) {
    ready = hmacKey(hashBytes, memberOf(key, 'k'));
    ofKey.set(hashBytes, ready);
  }
  return ready;
}

export default engine;
