import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { mgf1, PSS } from 'micro-rsa-dsa-dh/rsa.js';
import { toHex } from '../../crypto/hex.ts';
import { type JavaScriptEngine, memberOf } from './engine.ts';

/** RSASSA-PSS (RFC 8017 section 8.1.2): the salt is as long as the hash, and MGF1 uses the same hash (RFC 7518 section 3.5). */
const engine: JavaScriptEngine = {
  verify({ signingInput, signature }, key, hashBytes) {
    const hash = hashBytes === 32 ? sha256 : hashBytes === 48 ? sha384 : sha512;
    const publicKey = { n: toInteger(memberOf(key, 'n')), e: toInteger(memberOf(key, 'e')) };
    return PSS(hash, mgf1(hash), hashBytes).verify(publicKey, signingInput, signature);
  },
  prepare() {},
};

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x0${toHex(bytes)}`);
}

export default engine;
