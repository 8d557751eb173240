import { fingerprintKey } from '../../crypto/fingerprint-key.ts';
import { BoundedMap } from '../../keys/bounded-map.ts';
import type { CoreCachePort, CoreTransaction } from '../../platform/core-cache-port.ts';
import type { IdentityResult } from '../identity.ts';
import { MAX_REMEMBERED_TOKENS, type RememberedIdentity } from '../token-memory.ts';
import { credentialDigest, forgetKey, sessionKeys } from './credential-keys.ts';
import { claimsProblem, type FreshAnswer, freshAnswer, withExp } from './fresh-answer.ts';
import { findAnswer, type KnownAnswer, readAnswerEntry, storeAnswer } from './known-answers.ts';
import type { CreateLookup, LookupTask } from './lookup.ts';

/** All that a sandbox keeps of a credential: where its answer stands, and what was made of the last one. */
interface Remembered {
  readonly secret: string;
  readonly digest: string;
  readonly answer: {
    readonly id: string;
    readonly verified: RememberedIdentity;
    readonly claims: Readonly<Record<string, unknown>>;
  } | null;
  readonly bytes: number;
}

/** As many as tokens, for the same reason: see `token-memory.ts`. */
const MEMORY = {
  entries: MAX_REMEMBERED_TOKENS,
  maxBytes: 4_194_304,
  bytesOf: ({ bytes }: Remembered) => bytes,
};
/** A credential is there as text, an answer as claims and as what was made of them. */
const COPIES = 3;
const ENTRY_BYTES = 1024;
/** Beyond the time that the answer may take: for the one who asks to store it. */
const WAIT_MS = 500;
const UNKNOWN: IdentityResult = { kind: 'invalid', code: 'ERR_SESSION_UNKNOWN' };
const LIMITED: IdentityResult = { kind: 'unavailable', code: 'ERR_RATE_LIMITED' };

/**
 * Asks about credentials that say nothing by themselves. The answer stands in the edge cache, where every sandbox finds it and a purge takes it away; a sandbox
 * keeps what it has made of it, and looks each time whether it is still there. Its key is an HMAC of the credential, which stands nowhere itself.
 */
export const createLookup: CreateLookup = (deps) => {
  const { cache } = deps;
  const memory = new BoundedMap<string, Remembered>(MEMORY.entries, MEMORY);

  return {
    async verify(task) {
      try {
        return cache === null
          ? unavailable('there is no edge cache to keep answers in')
          : await verify(cache, task);
      } catch {
        // What failed may quote the credential.
        return unavailable('the edge cache or the Secret Store is down');
      }
    },

    keysOf: (cookies, isForgotten) => sessionKeys(deps, cookies, isForgotten),
  };

  async function verify(cache: CoreCachePort, task: LookupTask): Promise<IdentityResult> {
    const { rule, client, nowMs } = task;
    const secret = await fingerprintKey(deps, deps, 'compare');
    if (secret === null) return unavailable('the secret fingerprint_key is not there');
    const remembered = await recall(secret, task);
    const key = `claimcache-session:${remembered.digest}`;
    const known = findAnswer(cache, key, nowMs);
    if (known !== null) return resultOf(known, remembered, task);

    const limiter = deps.limiter(rule.limit);
    if (limiter.isBlocked(client.network)) return LIMITED;
    const transaction = await cache.transaction(key, 'identity', rule.timeoutMs + WAIT_MS);
    if (transaction === null) return unavailable('another request with the same credential still waits');
    if (!transaction.mustInsertOrUpdate) {
      const other = readAnswerEntry(transaction, nowMs);
      return other === null ? unavailable('nothing is stored') : resultOf(other, remembered, task);
    }
    const id = crypto.randomUUID();
    const fresh = await fill(transaction, { key, id, digest: remembered.digest }, task);
    if (fresh.kind === 'known') return verified(id, fresh, remembered, task);
    if (fresh.kind === 'down') return unavailable(fresh.why);
    return client.isCounted && limiter.count(client.network) ? LIMITED : UNKNOWN;
  }

  async function recall(secret: string, task: LookupTask): Promise<Remembered> {
    const known = memory.get(memoryKey(task));
    if (known?.secret === secret) return known;
    const { provider, rule, credentialSource, text } = task;
    const whose = { provider: provider.name, rule, name: credentialSource.name, text };
    return { secret, digest: await credentialDigest(secret, whose), answer: null, bytes: 0 };
  }

  /** Asks, and stores the answer. Whatever happens, whoever waits for it is let go. */
  async function fill(
    transaction: CoreTransaction,
    entry: { readonly key: string; readonly id: string; readonly digest: string },
    task: LookupTask,
  ): Promise<FreshAnswer> {
    let isFilled = false;
    try {
      const surrogateKeys = ['edge:identity', forgetKey(entry.digest)];
      // What is purged while the answer is on its way must not come back with it.
      const sentinel = deps.sentinel(entry.key, surrogateKeys);
      const fresh = await freshAnswer(deps, task);
      if (fresh.untilMs > task.nowMs && sentinel.isIntact()) {
        if (fresh.kind === 'known') surrogateKeys.push(...fresh.identityKeys);
        const text = fresh.kind === 'known' ? fresh.text : '';
        const { kind, untilMs } = fresh;
        storeAnswer(transaction, { kind, untilMs, id: entry.id, text, surrogateKeys }, task.nowMs);
        isFilled = true;
      }
      return fresh;
    } finally {
      if (!isFilled) transaction.cancel();
    }
  }

  async function resultOf(
    known: KnownAnswer,
    remembered: Remembered,
    task: LookupTask,
  ): Promise<IdentityResult> {
    if (known.kind === 'down') return unavailable('it was not to be had a moment ago');
    if (known.kind === 'refused') return UNKNOWN;
    const { answer } = remembered;
    const { id, untilMs } = known;
    if (answer === null || answer.id !== id)
      return verified(id, { text: await known.text(), untilMs }, remembered, task);
    known.close();
    const code = claimsProblem(answer.claims, task);
    if (code !== null) return { kind: 'invalid', code };
    const { identity, filledScopes } = answer.verified;
    return { kind: 'verified', identity, filledScopes };
  }

  /** Takes an answer apart, and keeps what comes of it. */
  function verified(
    id: string,
    { text, untilMs }: { readonly text: string; readonly untilMs: number },
    { secret, digest }: Remembered,
    task: LookupTask,
  ): IdentityResult {
    const { provider, rule, credentialSource } = task;
    const claims: Readonly<Record<string, unknown>> = JSON.parse(text);
    const expiresAtSeconds = Math.floor(untilMs / 1000);
    const made = {
      identity: {
        provider: provider.name,
        algorithm: rule.kind,
        keyId: null,
        claims,
        expiresAtSeconds,
        credentialSource,
      },
      filledScopes: new Map(),
    };
    const answer = { id, verified: made, claims: withExp(claims) };
    const bytes = ENTRY_BYTES + COPIES * (task.text.length + text.length);
    memory.set(memoryKey(task), { secret, digest, answer, bytes });
    const code = claimsProblem(answer.claims, task);
    return code === null ? { kind: 'verified', ...made } : { kind: 'invalid', code };
  }
};

function memoryKey({ provider, credentialSource, text }: LookupTask): string {
  return `${provider.name} ${credentialSource.name} ${text}`;
}

function unavailable(why: string): IdentityResult {
  return { kind: 'unavailable', code: 'ERR_SESSION_UNAVAILABLE', why };
}
