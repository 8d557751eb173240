import { BoundedMap } from '../keys/bounded-map.ts';
import { digest } from '../keys/digest.ts';
import type { EdgeKv } from './ports.ts';

/** What checking a signature came to. It says nothing of times and revocation: those are asked each time. */
export interface Verdict {
  readonly good: boolean;
  /** `kid` of the key that verified it. */
  readonly keyId: string | null;
}

/** Everything a verdict depends on. */
export interface VerdictQuestion {
  readonly provider: string;
  /** A withdrawn key changes it, and takes every verdict with it. */
  readonly keySetDigest: string;
  /** The whole token: a token cut or extended anywhere is another one. */
  readonly token: string;
  /** `exp`, seconds since the epoch. */
  readonly expiresAtSeconds: number;
  /** Worth a look into the edge cache; the others verify faster than that. */
  readonly slow: boolean;
  readonly nowMs: number;
}

const GOOD_SECONDS = 3600;
/** Long enough to make a flood of one bad token cheap, short enough to forget an accident. */
const BAD_SECONDS = 30;
/** Bad tokens are free to make: they must not push the good ones out, so each kind has its own bounded map. */
const MAX_REMEMBERED = 1000;

interface Remembered extends Verdict {
  readonly untilMs: number;
}

/**
 * Verified once: the outcome of a signature check, kept by provider, digest of the key set in force and SHA-256 of the
 * whole token; in the sandbox, and for slow algorithms in the edge cache. Never past `exp`.
 */
export function createVerdicts(
  edge: EdgeKv | null,
): (question: VerdictQuestion, check: () => Promise<Verdict>) => Promise<Verdict> {
  const good = new BoundedMap<string, Remembered>(MAX_REMEMBERED);
  const bad = new BoundedMap<string, Remembered>(MAX_REMEMBERED);
  const digests = new BoundedMap<string, string>(MAX_REMEMBERED);

  return async function verdict(question, check) {
    const { provider, keySetDigest, token, nowMs } = question;
    const key = JSON.stringify(['claimcache-verdict', provider, keySetDigest, await digestOnce(token)]);
    const shared = question.slow ? edge : null;
    const known = alive(good.get(key) ?? bad.get(key), nowMs) ?? (await recall(shared, key, nowMs));
    if (known !== null) {
      (known.good ? good : bad).set(key, known);
      return known;
    }
    const { good: isGood, keyId } = await check();
    const endMs = nowMs + (isGood ? GOOD_SECONDS : BAD_SECONDS) * 1000;
    const fresh = { good: isGood, keyId, untilMs: Math.min(endMs, question.expiresAtSeconds * 1000) };
    const ttlSeconds = Math.floor((fresh.untilMs - nowMs) / 1000);
    if (ttlSeconds > 0) {
      (isGood ? good : bad).set(key, fresh);
      await shared?.set(key, JSON.stringify(fresh), ttlSeconds);
    }
    return fresh;
  };

  async function digestOnce(token: string): Promise<string> {
    const known = digests.get(token) ?? (await digest(token));
    digests.set(token, known);
    return known;
  }
}

function alive(known: Remembered | undefined, nowMs: number): Remembered | null {
  return known !== undefined && nowMs < known.untilMs ? known : null;
}

async function recall(edge: EdgeKv | null, key: string, nowMs: number): Promise<Remembered | null> {
  const text = await edge?.get(key);
  if (text === null || text === undefined) return null;
  try {
    return alive(JSON.parse(text), nowMs);
  } catch {
    return null;
  }
}
