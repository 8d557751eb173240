import type { RemoteKeySource } from '../policy/providers/key-source.ts';
import { fetchKeySet } from './fetch-key-set.ts';
import type { EdgeKv, FetchKeys } from './ports.ts';

/** What is known of one key server. */
interface Held {
  /** The last good key set, or null. */
  readonly text: string | null;
  readonly fetchedAtMs: number;
  /** The last attempt, good or failed: none follows within the cooldown. */
  readonly attemptedAtMs: number;
  readonly failed: boolean;
  /** Why it has failed. */
  readonly why?: string;
}

export interface RemoteKeys {
  /** The key set's text, or null where there is none to be had. */
  readonly text: string | null;
  /** The server could not be reached last time: an unknown `kid` proves nothing. */
  readonly failed: boolean;
  readonly why: string | null;
}

/** `wantsNew`: a token names a key that the known set does not have. `tell`: hears of an attempt that failed. */
export type LoadRemoteKeys = (
  source: RemoteKeySource,
  nowMs: number,
  wantsNew: boolean,
  tell?: (why: string) => void,
) => Promise<RemoteKeys>;

const NOTHING: Held = { text: null, fetchedAtMs: 0, attemptedAtMs: 0, failed: false };

/**
 * Key sets by URL. A set is fresh for `ttlSeconds`; when the server is down the last good one serves for
 * `keepSeconds`. However many tokens with made-up key ids arrive, and however broken the server is, it is asked at
 * most once per cooldown and place, and once at a time per sandbox.
 */
export function createRemoteKeys(fetchKeys: FetchKeys, edge: EdgeKv | null): LoadRemoteKeys {
  const known = new Map<string, Held>();
  const inFlight = new Map<string, Promise<Held>>();

  return async function loadRemoteKeys(source, nowMs, wantsNew, tell = () => {}) {
    const key = JSON.stringify(['claimcache-keys', source.backend, source.url, source.issuer]);
    let held = known.get(key) ?? NOTHING;
    if (isDue(held, source, nowMs, wantsNew)) {
      // Another sandbox may have asked already.
      held = newer(held, await recall(key));
      if (isDue(held, source, nowMs, wantsNew)) {
        const running = inFlight.get(key);
        held = await (running ?? refresh(key, source, held, nowMs, wantsNew));
        if (running === undefined && held.why !== undefined) tell(held.why);
      }
      known.set(key, held);
    }
    const keepsMs = source.keepSeconds * 1000;
    return {
      text: nowMs - held.fetchedAtMs <= keepsMs ? held.text : null,
      failed: held.failed,
      why: held.why ?? null,
    };
  };

  async function refresh(
    key: string,
    source: RemoteKeySource,
    held: Held,
    nowMs: number,
    wantsNew: boolean,
  ): Promise<Held> {
    const started = attempt(key, source, held, nowMs, wantsNew);
    inFlight.set(key, started);
    try {
      return await started;
    } finally {
      inFlight.delete(key);
    }
  }

  async function attempt(
    key: string,
    source: RemoteKeySource,
    held: Held,
    nowMs: number,
    wantsNew: boolean,
  ): Promise<Held> {
    if (held.text !== null && !wantsNew) {
      // Other sandboxes go on with the set they have. Not for a new key: they would refuse its tokens meanwhile.
      await edge?.set(key, JSON.stringify({ ...held, attemptedAtMs: nowMs }), source.keepSeconds);
    }
    let next: Held;
    try {
      const text = await fetchKeySet(fetchKeys, source);
      next = { text, fetchedAtMs: nowMs, attemptedAtMs: nowMs, failed: false };
    } catch (error) {
      next = { ...held, attemptedAtMs: nowMs, failed: true, why: whyOf(error) };
    }
    const ttlSeconds = next.text === null ? source.cooldownSeconds : source.keepSeconds;
    await edge?.set(key, JSON.stringify(next), ttlSeconds);
    return next;
  }

  async function recall(key: string): Promise<Held> {
    try {
      return JSON.parse((await edge?.get(key)) ?? 'null') ?? NOTHING;
    } catch {
      return NOTHING;
    }
  }
}

function isDue(held: Held, source: RemoteKeySource, nowMs: number, wantsNew: boolean): boolean {
  const fresh = held.text !== null && nowMs - held.fetchedAtMs < source.ttlSeconds * 1000;
  if (fresh && !wantsNew) return false;
  return held.attemptedAtMs === 0 || nowMs - held.attemptedAtMs >= source.cooldownSeconds * 1000;
}

function newer(a: Held, b: Held): Held {
  return b.attemptedAtMs > a.attemptedAtMs ? b : a;
}

/** For the log and the operator: one line of printable ASCII. */
function whyOf(error: unknown): string {
  const text = error instanceof Error ? error.message : 'key server: unknown failure';
  return text.replace(/[^\x20-\x7e]+/g, '?').slice(0, 160);
}
