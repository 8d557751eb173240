import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { decode } from 'jose/base64url';
import { compactVerify } from 'jose/jws/compact/verify';
import { importJWK } from 'jose/key/import';
import { mgf1, PSS } from 'micro-rsa-dsa-dh/rsa.js';
import type { Algorithm } from '../policy/input-identity.ts';
import { ALGORITHMS } from './algorithms.ts';
import type { ParsedToken } from './parse-token.ts';
import type { VerificationKey } from './verification-key.ts';

type Imported = Awaited<ReturnType<typeof importJWK>>;

/** Imports of keys outlive a request only together with the key set that they came from. */
const imports = new WeakMap<VerificationKey, Map<Algorithm, Promise<Imported>>>();

/**
 * Whether the token was signed by that key with that algorithm. The algorithm is one that policy and key agree on;
 * jose verifies where the host can, JavaScript does PS256/384/512 (RFC 8017 section 8.1.2) and Ed25519 (RFC 8032).
 * A signature or key that the host cannot even read is a bad signature, never an error.
 */
export async function checkSignature(
  token: ParsedToken,
  algorithm: Algorithm,
  key: VerificationKey,
): Promise<boolean> {
  const { engine, signatureBytes } = ALGORITHMS[algorithm];
  if (signatureBytes !== null && token.signature.length !== signatureBytes) return false;
  try {
    if (engine === 'pss') return checkPss(token, algorithm, key);
    if (engine === 'ed25519') {
      // zip215 false: strict RFC 8032, so that no signature has a second spelling.
      return ed25519.verify(token.signature, token.signingInput, member(key, 'x'), { zip215: false });
    }
    await compactVerify(token.text, await importOnce(key, algorithm), { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}

function importOnce(key: VerificationKey, algorithm: Algorithm): Promise<Imported> {
  const known = imports.get(key) ?? new Map<Algorithm, Promise<Imported>>();
  imports.set(key, known);
  let imported = known.get(algorithm);
  if (imported === undefined) {
    // The host imports an RSA or EC key only where `ext` is true.
    imported = importJWK({ ...key.jwk, ext: true }, algorithm);
    known.set(algorithm, imported);
  }
  return imported;
}

/** The salt is as long as the hash, and MGF1 uses the same hash (RFC 7518 section 3.5). */
function checkPss(token: ParsedToken, algorithm: Algorithm, key: VerificationKey): boolean {
  const { hashBytes } = ALGORITHMS[algorithm];
  const hash = hashBytes === 32 ? sha256 : hashBytes === 48 ? sha384 : sha512;
  const publicKey = { n: toInteger(member(key, 'n')), e: toInteger(member(key, 'e')) };
  return PSS(hash, mgf1(hash), hashBytes).verify(publicKey, token.signingInput, token.signature);
}

function member(key: VerificationKey, name: string): Uint8Array {
  return decode(String(key.jwk[name]));
}

function toInteger(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}
