import { HeaderFields } from '../../http/header-fields.ts';
import { originFailure } from '../../origin/origin-failure.ts';
import type { CoreTransaction } from '../../platform/core-cache-port.ts';
import { bytesSource } from '../body-source.ts';
import type { CacheEngine, CacheResult, CacheTask, TaskCalls } from '../cache-engine.ts';
import { ENDED_EARLY } from '../ended-early.ts';
import { fetchAlone, notForThisClient, notStored, withoutStrippedCookies } from '../fetch-alone.ts';
import { plantSentinel } from '../sentinel.ts';
import { announcedLength, readUpTo } from '../store-body.ts';
import { createFill, type FillDeps } from './fill.ts';
import { evict, objectOptions } from './insert-options.ts';
import { publish } from './publish.ts';
import { fromStore, mayServeOnError, staleForMs } from './results.ts';
import { parseStored, type StoredObject, storedObject } from './stored-object.ts';

/** How often a request looks whether another has refreshed what it waits for. */
const POLL_MS = 20;

const FRESH = { state: 'HIT', detail: 'fresh', originMs: null, body: 'lazy' } as const;
const WHILE_REVALIDATE = {
  state: 'STALE',
  detail: 'while-revalidate',
  originMs: null,
  body: 'open',
} as const;
const IF_ERROR = { state: 'STALE', detail: 'if-error', originMs: null, body: 'lazy' } as const;

export interface CoreEngineDeps extends FillDeps {
  readonly sleepMs: (durationMs: number) => Promise<void>;
}

/**
 * The readthrough cache on CoreCache, which every Fastly service and the local server have. It gives the contract
 * that Fastly's HTTP cache gives in production: collapsed misses, stale-while-revalidate, stale-if-error, variants,
 * revalidation, surrogate keys.
 */
export function createCoreEngine(deps: CoreEngineDeps): CacheEngine {
  const { cache, fetchOrigin, nowMs, sleepMs } = deps;
  const fill = createFill(deps);
  return { engine: 'core', fetch: fetchThrough };

  async function fetchThrough(task: CacheTask, calls: TaskCalls): Promise<CacheResult> {
    const deadline = nowMs() + task.collapseTimeoutMs;
    for (;;) {
      const waitMs = Math.max(1, deadline - nowMs());
      const entry = await cache.transaction(task.cacheKey, task.encoding, waitMs);
      if (entry === null) return fetchAlone(task, calls, 'collapse-timeout', fetchOrigin, nowMs);
      const stored = entry.found ? parseStored(entry.metadata()) : null;

      if (stored !== null && stored.fingerprint !== task.fingerprint) {
        release(entry);
        evict(cache, task, stored.vary);
        return fetchAlone(task, calls, 'leak-guard', fetchOrigin, nowMs);
      }
      if (stored?.kind === 'pass' && !entry.mustInsertOrUpdate) {
        release(entry);
        const { unkeyedVary } = stored;
        // What is stored is not for this client: a look-up would change nothing.
        if (unkeyedVary?.some((field) => task.sent.has(field))) return notForThisClient(unkeyedVary);
        return fetchAndReplace(task, calls);
      }
      if (stored?.kind === 'object' && entry.usable) {
        if (!entry.stale) return fromStore(deps, task, entry, stored, FRESH);
        if (staleForMs(entry) < stored.staleWhileRevalidateMs) {
          const result = fromStore(deps, task, entry, stored, WHILE_REVALIDATE);
          if (!entry.mustInsertOrUpdate) return result;
          return { ...result, background: refresh(task, calls, entry, stored) };
        }
      }
      if (entry.mustInsertOrUpdate)
        return fill(task, calls, entry, stored?.kind === 'object' ? stored : null, 'open');

      // Stale beyond use, and another request is refreshing it: wait for that one.
      const hasWaited = nowMs() >= deadline;
      if (hasWaited && stored?.kind === 'object' && mayServeOnError(entry, stored)) {
        return fromStore(deps, task, entry, stored, IF_ERROR);
      }
      release(entry);
      if (hasWaited) return fetchAlone(task, calls, 'collapse-timeout', fetchOrigin, nowMs);
      await sleepMs(POLL_MS);
    }
  }

  /** The last response for this key could not be stored. This one might: then it takes the marker's place. */
  async function fetchAndReplace(
    task: CacheTask,
    { originRequest, evaluate }: TaskCalls,
  ): Promise<CacheResult> {
    const requestedAtMs = nowMs();
    const sentinel = plantSentinel(cache, task.cacheKey, task.sentinelKeys);
    const response = await fetchOrigin(originRequest()).catch((error: unknown) => {
      throw originFailure(error);
    });
    const headers = new HeaderFields(response.headers);
    const head = { status: response.status, headers, requestedAtMs };
    const decision = evaluate(head);
    withoutStrippedCookies(decision, headers);
    const facts = { originMs: nowMs() - requestedAtMs, ageSeconds: decision.initialAgeSeconds };
    const announced = announcedLength(response.headers);
    // Only what is small and announced: nobody waits for this key, so a stream into it gains nothing.
    const limitBytes = Math.min(task.bufferBytes, task.inspectBytes ?? Number.POSITIVE_INFINITY);
    if (!decision.store || response.body === null || announced === null || announced > limitBytes) {
      const detail = announced === null ? 'unannounced' : 'behind-marker';
      return notStored(task, response, headers, {
        ...facts,
        detail: decision.store ? detail : decision.reason,
      });
    }
    const { bytes } = await readUpTo(response.body, announced, task.betweenBytesTimeoutMs);
    if (bytes.byteLength !== announced) throw originFailure(new Error(ENDED_EARLY));
    const verdict = task.inspectBytes === null ? decision : await evaluate(head, bytes);
    const isIntact = () => sentinel.isIntact();
    const object = storedObject(response.status, headers, task, verdict, announced);
    const insert = () => cache.insert(task.cacheKey, task.encoding, objectOptions(object, verdict));
    const replace = () => evict(cache, task, object.vary);
    const stands = verdict.store && isIntact() && publish(insert(), bytes, isIntact, replace);
    return {
      ...facts,
      state: 'MISS',
      status: response.status,
      headers,
      body: bytesSource(bytes),
      ttlSeconds: stands ? verdict.ttlSeconds : 0,
      stored: stands,
      detail: stands || !verdict.store ? verdict.reason : 'purged-meanwhile',
    };
  }

  /** Resolves with what failed, or with null. */
  async function refresh(
    task: CacheTask,
    calls: TaskCalls,
    entry: CoreTransaction,
    stored: StoredObject,
  ): Promise<unknown> {
    try {
      // The stale copy that was served has opened the body already.
      const result = await fill(task, calls, entry, stored, 'none');
      result.body?.discard();
      return (await result.background) ?? null;
    } catch (error) {
      // The next request tries again.
      return error;
    }
  }
}

/** A lookup that this request will not use: give up its transaction, if there is one, and close it. */
function release(entry: CoreTransaction): void {
  if (entry.mustInsertOrUpdate) entry.cancel();
  entry.close();
}
