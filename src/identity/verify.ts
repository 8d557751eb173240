import type { Algorithm } from '../policy/providers/algorithm-names.ts';
import type { CredentialPlace } from '../policy/providers/credential-places.ts';
import type { Provider } from '../policy/providers/provider.ts';
import type { Identity, IdentityResult } from '../types/identity.ts';
import { ALGORITHMS, allowedAlgorithm } from './algorithms.ts';
import { checkClaims } from './check-claims.ts';
import { checkSignature } from './check-signature.ts';
import { candidateKeys, problemOfKey } from './key-set.ts';
import type { LoadedKeys, LoadKeys } from './load-keys.ts';
import type { ParsedToken } from './parse-token.ts';
import type { createVerdicts, Verdict } from './verdicts.ts';
import type { VerificationKey } from './verification-key.ts';

/** What verifying one token needs. */
export interface VerifyTask {
  readonly token: ParsedToken;
  readonly provider: Provider;
  readonly place: CredentialPlace;
  readonly nowMs: number;
  /** Hears of trouble with keys, for the log. */
  readonly tell?: (why: string) => void;
}

export interface VerifyDeps {
  readonly loadKeys: LoadKeys;
  readonly verdict: ReturnType<typeof createVerdicts>;
}

function unavailable(why: string | null): IdentityResult {
  return { kind: 'unavailable', code: 'ERR_KEYS_UNAVAILABLE', ...(why === null ? {} : { why }) };
}

/**
 * A function that verifies one token for one provider. The cheap questions come first: algorithm of the policy, claims,
 * then key and signature. Nothing is granted before all of them are answered.
 *
 * @returns `invalid` with ERR_TOKEN_ALGORITHM, ERR_KEY_UNKNOWN, ERR_TOKEN_SIGNATURE or a code of {@link checkClaims};
 * `unavailable` with ERR_KEYS_UNAVAILABLE.
 */
export function createVerify({
  loadKeys,
  verdict,
}: VerifyDeps): (task: VerifyTask) => Promise<IdentityResult> {
  return async function verify({ token, provider, place, nowMs, tell }) {
    const algorithm = allowedAlgorithm(token.algorithm, provider.algorithms);
    if (algorithm === null) return { kind: 'invalid', code: 'ERR_TOKEN_ALGORITHM' };
    const code = checkClaims(token, provider, nowMs);
    if (code !== null) return { kind: 'invalid', code };
    const found = await findKeys(token, algorithm, provider, nowMs, tell);
    if (!('keys' in found)) return found;
    const expiresAtSeconds = Math.floor(Number(token.claims.exp));
    const { good, keyId } = await verdict(
      {
        provider: provider.name,
        keySetDigest: found.loaded.digest,
        token: token.text,
        expiresAtSeconds,
        slow: ALGORITHMS[algorithm].slow,
        nowMs,
      },
      () => tryKeys(token, algorithm, found.keys),
    );
    if (!good) return { kind: 'invalid', code: 'ERR_TOKEN_SIGNATURE' };
    const identity = {
      provider: provider.name,
      algorithm,
      keyId,
      claims: token.claims,
      expiresAtSeconds,
      place,
    };
    return { kind: 'verified', identity: once(token, identity) };
  };

  /** A key id that the set in force lacks may be a new key: a remote set is asked for once more. */
  async function findKeys(
    token: ParsedToken,
    algorithm: Algorithm,
    provider: Provider,
    nowMs: number,
    tell: VerifyTask['tell'],
  ): Promise<{ keys: readonly VerificationKey[]; loaded: LoadedKeys } | IdentityResult> {
    for (const wantsNew of [false, true]) {
      const loaded = await loadKeys(provider, nowMs, wantsNew, tell);
      if (loaded.keySet === null) return unavailable(loaded.why);
      const keys = candidateKeys(loaded.keySet, algorithm, token.keyId);
      if (keys.length > 0) return { keys, loaded };
      if (provider.keys.kind === 'remote' && !wantsNew) continue;
      if (provider.keys.kind === 'remote' && loaded.uncertain) return unavailable(loaded.why);
      const problem = problemOfKey(loaded.keySet, token.keyId);
      // Of a set without a single good key the token is to blame only where it names a bad one; a secret that is none is ours to fix.
      const isOurs = problem === null || problem === 'hmac-too-short' || problem === 'secret-in-public';
      if (isOurs && loaded.keySet.keys.length === 0) {
        return unavailable(`no key of the set can verify anything${problem === null ? '' : `: ${problem}`}`);
      }
      if (problem !== null) {
        return {
          kind: 'invalid',
          code: 'ERR_KEY_UNKNOWN',
          why: `the key of that id is left out: ${problem}`,
        };
      }
      break;
    }
    return { kind: 'invalid', code: 'ERR_KEY_UNKNOWN' };
  }
}

const identities = new WeakMap<ParsedToken, Identity[]>();
const MAX_IDENTITIES = 8;

/** One object for one identity of one parsed token, so that what is derived from it is derived once. */
function once(token: ParsedToken, identity: Identity): Identity {
  const known = identities.get(token) ?? [];
  identities.set(token, known);
  const same = known.find(
    ({ provider, algorithm, keyId, place }) =>
      provider === identity.provider &&
      algorithm === identity.algorithm &&
      keyId === identity.keyId &&
      place.kind === identity.place.kind &&
      place.name === identity.place.name &&
      (place.kind === 'cookie' || place === identity.place),
  );
  if (same === undefined) {
    // A pattern of cookie names has any number of places, and a client chooses among them.
    if (known.length >= MAX_IDENTITIES) known.shift();
    known.push(identity);
  }
  return same ?? identity;
}

async function tryKeys(
  token: ParsedToken,
  algorithm: Algorithm,
  keys: readonly VerificationKey[],
): Promise<Verdict> {
  for (const key of keys) {
    if (await checkSignature(token, algorithm, key)) return { good: true, keyId: key.id };
  }
  return { good: false, keyId: null };
}
