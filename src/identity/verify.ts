import type { CredentialPlace, IdentityResult, KeySource, Provider } from '../types.ts';
import { allowedAlgorithm } from './algorithms.ts';
import { checkClaims } from './check-claims.ts';
import { checkSignature } from './check-signature.ts';
import { candidateKeys, type KeySet } from './key-set.ts';
import type { ParsedToken } from './parse-token.ts';

/** What verifying one token needs. */
export interface VerifyTask {
  readonly token: ParsedToken;
  readonly provider: Provider;
  readonly place: CredentialPlace;
  readonly nowMs: number;
}

/**
 * A function that verifies one token for one provider: algorithm of the policy, then key, then signature, then claims.
 *
 * @returns `invalid` with ERR_TOKEN_ALGORITHM, ERR_KEY_UNKNOWN, ERR_TOKEN_SIGNATURE or a code of {@link checkClaims};
 * `unavailable` with ERR_KEYS_UNAVAILABLE.
 */
export function createVerify(
  loadKeys: (source: KeySource) => Promise<KeySet | null>,
): (task: VerifyTask) => Promise<IdentityResult> {
  return async function verify({ token, provider, place, nowMs }) {
    const algorithm = allowedAlgorithm(token.algorithm, provider.algorithms);
    if (algorithm === null) return { kind: 'invalid', code: 'ERR_TOKEN_ALGORITHM' };
    const keySet = await loadKeys(provider.keys);
    if (keySet === null) return { kind: 'unavailable', code: 'ERR_KEYS_UNAVAILABLE' };
    const keys = candidateKeys(keySet, algorithm, token.keyId);
    if (keys.length === 0) return { kind: 'invalid', code: 'ERR_KEY_UNKNOWN' };
    for (const key of keys) {
      if (!(await checkSignature(token, algorithm, key))) continue;
      const code = checkClaims(token.claims, provider, nowMs);
      if (code !== null) return { kind: 'invalid', code };
      return {
        kind: 'verified',
        identity: {
          provider: provider.name,
          algorithm,
          keyId: key.id,
          claims: token.claims,
          expiresAtSeconds: Math.floor(Number(token.claims.exp)),
          place,
        },
      };
    }
    return { kind: 'invalid', code: 'ERR_TOKEN_SIGNATURE' };
  };
}
