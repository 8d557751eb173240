import type { Algorithm, Encryption } from '../policy/providers/algorithm-names.ts';
import { checkClaims } from '../policy/providers/check-claims.ts';
import type { CredentialSource } from '../policy/providers/credential-sources.ts';
import type { Provider } from '../policy/providers/provider.ts';
import { ALGORITHMS, allowedAlgorithm } from './algorithms.ts';
import { checkSignature } from './check-signature.ts';
import encryptedTokens from './encrypted/encrypted-tokens.ts';
import type { Identity, IdentityResult } from './identity.ts';
import { candidateKeys, problemOfKey } from './key-set.ts';
import type { LoadedKeys, LoadKeys, NoKeys } from './load-keys.ts';
import type { ParsedToken } from './parse-token.ts';
import type { RememberedIdentity, TokenEntry, TokenMemory, Verdict } from './token-memory.ts';
import { type createVerdicts, rememberedVerdict } from './verdicts.ts';
import type { VerificationKey } from './verification-key.ts';

/** What verifying one token needs. */
export interface VerifyTask {
  readonly entry: TokenEntry;
  readonly provider: Provider;
  readonly credentialSource: CredentialSource;
  readonly nowMs: number;
  /** Hears of trouble with keys, for the log. */
  readonly tell?: (why: string) => void;
}

export interface VerifyDeps {
  readonly memory: Pick<TokenMemory, 'keep'>;
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
  memory,
  loadKeys,
  verdict,
}: VerifyDeps): (task: VerifyTask) => Promise<IdentityResult> {
  return async function verify(task) {
    const { entry, provider, credentialSource, nowMs, tell } = task;
    const { token } = entry;
    if (provider.encryption !== null) {
      const opened = await encryptedTokens.open(task, provider.encryption, loadKeys);
      if ('kind' in opened) return opened;
      memory.keep(entry);
      const of = { token: opened, identities: entry.identities };
      return { kind: 'verified', ...once(of, provider.name, provider.encryption, null, credentialSource) };
    }
    const algorithm = allowedAlgorithm(token.algorithm, provider.algorithms);
    if (algorithm === null) return { kind: 'invalid', code: 'ERR_TOKEN_ALGORITHM' };
    const code = checkClaims(token, provider, nowMs);
    if (code !== null) return { kind: 'invalid', code };
    const expiresAtSeconds = Math.floor(Number(token.claims.exp));
    const loaded = await loadKeys(provider, nowMs, false, tell);
    let found = loaded.keySet && rememberedVerdict(entry, provider.name, loaded.digest, nowMs);
    if (found === null) {
      const keys = await findKeys(loaded, token, algorithm, provider, nowMs, tell);
      if (!('keys' in keys)) return keys;
      const question = {
        provider: provider.name,
        keySetDigest: keys.loaded.digest,
        entry,
        expiresAtSeconds,
        slow: ALGORITHMS[algorithm].slow,
        nowMs,
      };
      found = await verdict(question, () => tryKeys(token, algorithm, keys.keys));
    }
    if (!found.good) return { kind: 'invalid', code: 'ERR_TOKEN_SIGNATURE' };
    memory.keep(entry);
    return { kind: 'verified', ...once(entry, provider.name, algorithm, found.keyId, credentialSource) };
  };

  /** A key id that the set in force lacks may be a new key: a remote set is asked for once more. */
  async function findKeys(
    first: LoadedKeys | NoKeys,
    token: ParsedToken,
    algorithm: Algorithm,
    provider: Provider,
    nowMs: number,
    tell: VerifyTask['tell'],
  ): Promise<{ keys: readonly VerificationKey[]; loaded: LoadedKeys } | IdentityResult> {
    for (let wantsNew = false; ; wantsNew = true) {
      const loaded = wantsNew ? await loadKeys(provider, nowMs, true, tell) : first;
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
      return { kind: 'invalid', code: 'ERR_KEY_UNKNOWN' };
    }
  }
}

const MAX_IDENTITIES = 8;

/** One object for one identity of one token, so that what is derived from it is derived once. */
function once(
  { token, identities }: Pick<TokenEntry, 'token' | 'identities'>,
  provider: string,
  algorithm: Algorithm | Encryption,
  keyId: string | null,
  credentialSource: CredentialSource,
): RememberedIdentity {
  for (let i = 0; i < identities.length; i++) {
    const known = identities[i];
    if (known !== undefined && isSame(known.identity)) return known;
  }
  const expiresAtSeconds = Math.floor(Number(token.claims.exp));
  const identity = { provider, algorithm, keyId, claims: token.claims, expiresAtSeconds, credentialSource };
  const fresh: RememberedIdentity = { identity, filledScopes: new Map() };
  // A pattern of cookie names has any number of places, and a client chooses among them.
  if (identities.length >= MAX_IDENTITIES) identities.shift();
  identities.push(fresh);
  return fresh;

  function isSame(known: Identity): boolean {
    return (
      known.provider === provider &&
      known.algorithm === algorithm &&
      known.keyId === keyId &&
      known.credentialSource.kind === credentialSource.kind &&
      known.credentialSource.name === credentialSource.name &&
      (credentialSource.kind === 'cookie' ||
        known.credentialSource === credentialSource ||
        // Chunks are as many as the text is long, and a whole cookie is not one of them.
        (credentialSource.kind === 'cookies' &&
          known.credentialSource.kind === 'cookies' &&
          credentialSource.names.length === known.credentialSource.names.length &&
          credentialSource.names[0] === known.credentialSource.names[0]))
    );
  }
}

async function tryKeys(
  token: ParsedToken,
  algorithm: Algorithm,
  keys: readonly VerificationKey[],
): Promise<Verdict> {
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as VerificationKey;
    if (await checkSignature(token, algorithm, key)) return { good: true, keyId: key.id };
  }
  return { good: false, keyId: null };
}
