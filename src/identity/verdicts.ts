import { digest } from '../crypto/digest.ts';
import type { EdgeKv } from './ports.ts';
import type { TokenEntry, Verdict } from './token-memory.ts';

/** Everything a verdict depends on. */
export interface VerdictQuestion {
  readonly provider: string;
  readonly keySetDigest: string;
  /** Of the whole token: a token cut or extended anywhere is another one. */
  readonly entry: TokenEntry;
  /** `exp`, seconds since the epoch. */
  readonly expiresAtSeconds: number;
  /** Worth a look into the edge cache; the others verify faster than that. */
  readonly slow: boolean;
  readonly nowMs: number;
}

const GOOD_SECONDS = 3600;
/** Long enough to make a flood of one bad token cheap, short enough to forget an accident. */
const BAD_SECONDS = 30;

/** What the token's entry knows, where it is of the key set in force and has not run out. */
export function rememberedVerdict(
  entry: TokenEntry,
  provider: string,
  keySetDigest: string,
  nowMs: number,
): Verdict | null {
  const known = entry.verdicts.get(provider);
  return known !== undefined && known.keySetDigest === keySetDigest && nowMs < known.untilMs ? known : null;
}

/**
 * Verified once: the outcome of a signature check, kept in the token's entry by provider and digest of the key set in force, and for slow algorithms
 * in the edge cache under the SHA-256 of the whole token. Never past `exp`.
 */
export function createVerdicts(
  edge: EdgeKv | null,
): (question: VerdictQuestion, check: () => Promise<Verdict>) => Promise<Verdict> {
  return async function verdict(question, check) {
    const { provider, keySetDigest, entry, nowMs } = question;
    const remembered = rememberedVerdict(entry, provider, keySetDigest, nowMs);
    if (remembered !== null) return remembered;
    const shared = question.slow ? edge : null;
    const key = shared === null ? '' : await edgeKeyOf(question);
    const recalled = shared === null ? null : await recall(shared, key, nowMs);
    if (recalled !== null) {
      entry.verdicts.set(provider, { ...recalled, keySetDigest });
      return recalled;
    }
    const { good, keyId } = await check();
    const endMs = nowMs + (good ? GOOD_SECONDS : BAD_SECONDS) * 1000;
    const fresh = { good, keyId, untilMs: Math.min(endMs, question.expiresAtSeconds * 1000) };
    const ttlSeconds = Math.floor((fresh.untilMs - nowMs) / 1000);
    if (ttlSeconds > 0) {
      entry.verdicts.set(provider, { ...fresh, keySetDigest });
      await shared?.set(key, JSON.stringify(fresh), ttlSeconds);
    }
    return fresh;
  };
}

async function edgeKeyOf({ provider, keySetDigest, entry }: VerdictQuestion): Promise<string> {
  entry.digest ??= await digest(entry.token.text);
  return JSON.stringify(['claimcache-verdict', provider, keySetDigest, entry.digest]);
}

async function recall(
  edge: EdgeKv,
  key: string,
  nowMs: number,
): Promise<(Verdict & { readonly untilMs: number }) | null> {
  try {
    const known = JSON.parse((await edge.get(key)) ?? 'null');
    return known !== null && nowMs < known.untilMs ? known : null;
  } catch {
    return null;
  }
}
