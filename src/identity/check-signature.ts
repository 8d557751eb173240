import { stillBytes } from '../crypto/still-bytes.ts';
import type { Algorithm } from '../policy/providers/algorithm-names.ts';
import { ALGORITHMS } from './algorithms.ts';
import ed25519 from './engines/ed25519.ts';
import hmac from './engines/hmac-engine.ts';
import pss from './engines/pss.ts';
import { ofKey } from './of-key.ts';
import type { ParsedToken } from './parse-token.ts';
import type { VerificationKey } from './verification-key.ts';

const IN_JAVASCRIPT = { hmac, pss, ed25519 };

const imported = ofKey<Algorithm, Promise<CryptoKey>>();

/**
 * Whether the token was signed by that key with that algorithm. The algorithm is one that policy and key agree on;
 * the host verifies what it can, JavaScript does HMAC (RFC 7518 section 3.2), PS256/384/512 (RFC 8017 section 8.1.2) and
 * Ed25519 (RFC 8032).
 * A signature or key that the host cannot even read is a bad signature, never an error.
 */
export async function checkSignature(
  token: ParsedToken,
  algorithm: Algorithm,
  key: VerificationKey,
): Promise<boolean> {
  const { kty, crv, engine, hashBytes, signatureBytes } = ALGORITHMS[algorithm];
  if (signatureBytes !== null && token.signature.length !== signatureBytes) return false;
  try {
    if (engine !== 'host') {
      return await IN_JAVASCRIPT[engine].verify(token, key, hashBytes);
    }
    const scheme = { name: kty === 'RSA' ? 'RSASSA-PKCS1-v1_5' : 'ECDSA', hash: `SHA-${hashBytes * 8}` };
    // Of RSA no curve is looked at.
    const withCurve = { ...scheme, namedCurve: crv ?? '' };
    const hostKey = await imported(key, algorithm, () =>
      // The host imports an RSA or EC key only where `ext` is true.
      crypto.subtle.importKey('jwk', { ...key.jwk, ext: true }, withCurve, false, ['verify']),
    );
    return await crypto.subtle.verify(scheme, hostKey, stillBytes(token.signature), token.signingInput);
  } catch {
    return false;
  }
}
