import { updateStored, validatorsFor } from '../http/conditional.ts';
import type {
  CacheResult,
  CacheTask,
  CoreCachePort,
  CoreEntry,
  CoreTransaction,
  OriginRequest,
  Readthrough,
} from '../types.ts';
import { originFailure } from './origin-failure.ts';
import { plantSentinel } from './sentinel.ts';
import { announcedLength, pumpBody, readWhole } from './store-body.ts';
import { parseStored, passMarker, type StoredObject, storedObject } from './stored-object.ts';

/** After a response that could not be stored, requests for its key do not wait for each other for so long. */
const PASS_MARKER_MS = 10_000;
/** After a failing origin. */
const FAILURE_MARKER_MS = 1000;
/** An object with a validator is kept this long past its freshness, so that a 304 can refresh it. */
const KEEP_FOR_REVALIDATION_MS = 3_600_000;
/** How often a request looks whether another has refreshed what it waits for. */
const POLL_MS = 20;

export interface CoreEngineDeps {
  readonly cache: CoreCachePort;
  readonly fetchOrigin: (request: OriginRequest) => Promise<Response>;
  readonly nowMs: () => number;
  readonly sleepMs: (durationMs: number) => Promise<void>;
}

/**
 * The readthrough cache on CoreCache, which every Fastly service and the local server have. It gives the contract
 * that Fastly's HTTP cache gives in production: collapsed misses, stale-while-revalidate, stale-if-error, variants,
 * revalidation, surrogate keys.
 */
export function createCoreEngine({ cache, fetchOrigin, nowMs, sleepMs }: CoreEngineDeps): Readthrough {
  return { engine: 'core', fetch: fetchThrough };

  async function fetchThrough(task: CacheTask): Promise<CacheResult> {
    const deadline = nowMs() + task.collapseTimeoutMs;
    for (;;) {
      const entry = await cache.transaction(
        task.cacheKey,
        task.request.headers,
        Math.max(1, deadline - nowMs()),
      );
      if (entry === null) return fetchAlone(task, 'collapse-timeout');
      const stored = entry.found ? parseStored(entry.metadata()) : null;

      if (stored !== null && stored.fingerprint !== task.fingerprint) {
        release(entry);
        drop(task);
        return fetchAlone(task, 'leak-guard');
      }
      if (stored?.kind === 'pass' && !entry.mustInsertOrUpdate) {
        release(entry);
        return fetchAndReplace(task);
      }
      if (stored?.kind === 'object' && entry.usable) {
        if (!entry.stale) return fromStore(entry, stored, 'HIT', 'fresh');
        if (entry.ageMs - entry.maxAgeMs < stored.staleWhileRevalidateMs) {
          if (entry.mustInsertOrUpdate) task.waitUntil(refresh(task, entry, stored));
          return fromStore(entry, stored, 'STALE', 'while-revalidate');
        }
      }
      if (entry.mustInsertOrUpdate) return fill(task, entry, stored?.kind === 'object' ? stored : null);

      // Stale beyond use, and another request is refreshing it: wait for that one.
      release(entry);
      if (nowMs() >= deadline) return fetchAlone(task, 'collapse-timeout');
      await sleepMs(POLL_MS);
    }
  }

  /** This request has the duty to fill the entry; others wait for it. The duty is always discharged. */
  async function fill(
    task: CacheTask,
    entry: CoreTransaction,
    stale: StoredObject | null,
  ): Promise<CacheResult> {
    const requestedAtMs = nowMs();
    let open = true;
    try {
      const sentinel = plantSentinel(cache, task.cacheKey, task.surrogateKeys);
      const response = await fetchOrigin(stale === null ? task.request : conditional(task.request, stale));
      const originMs = nowMs() - requestedAtMs;

      if (response.status >= 500 && stale !== null && mayServeOnError(entry, stale)) {
        entry.cancel();
        open = false;
        return { ...fromStore(entry, stale, 'STALE', 'if-error'), originMs };
      }
      const is304 = response.status === 304 && stale !== null;
      const status = is304 ? stale.status : response.status;
      const headers = is304
        ? updateStored(new Headers(pairs(stale)), response.headers)
        : new Headers(response.headers);
      const decision = task.decide(status, headers, requestedAtMs);
      const purged = decision.store && !sentinel.stillStands();

      if (!decision.store || purged) {
        const markerMs = status >= 500 ? FAILURE_MARKER_MS : PASS_MARKER_MS;
        if (is304) {
          // The marker would replace the body that this answer is about to be read from.
          entry.cancel();
          open = false;
          return {
            ...fromStore(entry, { ...stale, headers: [...headers.entries()] }, 'MISS', decision.reason),
            originMs,
          };
        }
        entry.insert(markerOptions(task, purged ? 1 : markerMs)).close();
        open = false;
        return notStored(response, headers, purged ? 'purged-meanwhile' : decision.reason, originMs);
      }

      if (is304) {
        const object = storedObject(
          status,
          headers,
          task.fingerprint,
          decision,
          task.surrogateKeys,
          stale.lengthBytes,
        );
        const refreshed = fromStore(entry, object, 'MISS', 'revalidated');
        entry.update(options(object, decision.ttlSeconds, decision.initialAgeSeconds));
        open = false;
        return {
          ...refreshed,
          ageSeconds: decision.initialAgeSeconds,
          ttlSeconds: decision.ttlSeconds,
          stored: true,
          originMs,
        };
      }
      const result = await store(task, response, headers, decision, entry);
      open = false;
      return { ...result, originMs };
    } catch (error) {
      if (open) {
        if (stale !== null && mayServeOnError(entry, stale)) {
          const result = fromStore(entry, stale, 'STALE', 'if-error');
          entry.cancel();
          return result;
        }
        entry.cancel();
      }
      throw originFailure(error);
    }
  }

  /** Fills `entry` with a response that may be stored, and answers from it. */
  async function store(
    task: CacheTask,
    response: Response,
    headers: Headers,
    decision: ReturnType<CacheTask['decide']>,
    entry: Pick<CoreTransaction, 'insert' | 'insertAndStreamBack'>,
  ): Promise<CacheResult> {
    const announced = announcedLength(response.headers);
    const made = (lengthBytes: number | null) =>
      storedObject(response.status, headers, task.fingerprint, decision, task.surrogateKeys, lengthBytes);
    const answer = {
      state: 'MISS' as const,
      status: response.status,
      headers,
      ageSeconds: decision.initialAgeSeconds,
      ttlSeconds: decision.ttlSeconds,
      stored: true,
      detail: decision.reason,
      originMs: null,
    };
    if (response.body === null || (announced !== null && announced <= task.bufferBytes)) {
      const bytes = response.body === null ? new Uint8Array(0) : await readWhole(response, announced);
      if (bytes === null) throw new Error('the origin ended the body early');
      const writer = entry.insert(
        options(made(bytes.byteLength), decision.ttlSeconds, decision.initialAgeSeconds),
      );
      if (bytes.byteLength > 0) writer.write(bytes);
      writer.close();
      return { ...answer, body: bytes };
    }
    const { writer, entry: readBack } = entry.insertAndStreamBack(
      options(made(announced), decision.ttlSeconds, decision.initialAgeSeconds),
    );
    task.waitUntil(pumpBody(response.body, writer, announced));
    return { ...answer, body: readBack.body() };
  }

  /** The last response for this key could not be stored. This one might: then it takes the marker's place. */
  async function fetchAndReplace(task: CacheTask): Promise<CacheResult> {
    const requestedAtMs = nowMs();
    const sentinel = plantSentinel(cache, task.cacheKey, task.surrogateKeys);
    const response = await fetchOrigin(task.request).catch((error: unknown) => {
      throw originFailure(error);
    });
    const headers = new Headers(response.headers);
    const originMs = nowMs() - requestedAtMs;
    const decision = task.decide(response.status, headers, requestedAtMs);
    const announced = announcedLength(response.headers);
    // Only what is small and whole: a stream into a key that nobody waits for gains nothing.
    if (!decision.store || announced === null || announced > task.bufferBytes || !sentinel.stillStands()) {
      return notStored(response, headers, decision.reason, originMs);
    }
    const insert: CoreTransaction['insert'] = (insertion) =>
      cache.insert(task.cacheKey, task.request.headers, insertion);
    const result = await store(task, response, headers, decision, {
      insert,
      insertAndStreamBack: () => {
        throw new Error('a small body is not streamed');
      },
    });
    return { ...result, originMs };
  }

  async function refresh(task: CacheTask, entry: CoreTransaction, stored: StoredObject): Promise<void> {
    try {
      const result = await fill({ ...task, waitUntil: task.waitUntil }, entry, stored);
      if (result.body instanceof ReadableStream) await result.body.cancel();
    } catch {
      // The stale copy has been served; the next request tries again.
    }
  }

  async function fetchAlone(task: CacheTask, detail: string): Promise<CacheResult> {
    const startedMs = nowMs();
    const response = await fetchOrigin(task.request).catch((error: unknown) => {
      throw originFailure(error);
    });
    return {
      ...notStored(response, new Headers(response.headers), detail, nowMs() - startedMs),
      state: 'BYPASS',
    };
  }

  /** Takes an object that must not be served out of the cache, by putting a marker in its place. */
  function drop(task: CacheTask): void {
    cache.insert(task.cacheKey, task.request.headers, markerOptions(task, 1)).close();
  }
}

function notStored(response: Response, headers: Headers, detail: string, originMs: number): CacheResult {
  return {
    state: 'MISS',
    status: response.status,
    headers,
    body: response.body,
    ageSeconds: 0,
    ttlSeconds: 0,
    stored: false,
    detail,
    originMs,
  };
}

function fromStore(
  entry: CoreEntry,
  stored: StoredObject,
  state: 'HIT' | 'STALE' | 'MISS',
  detail: string,
): CacheResult {
  return {
    state,
    status: stored.status,
    headers: new Headers(pairs(stored)),
    body: stored.lengthBytes === 0 ? null : entry.body(),
    ageSeconds: Math.floor(entry.ageMs / 1000),
    ttlSeconds: Math.max(0, Math.floor((entry.maxAgeMs - entry.ageMs) / 1000)),
    stored: false,
    detail,
    originMs: null,
  };
}

function pairs(stored: StoredObject): [string, string][] {
  return stored.headers.map(([name, value]) => [name, value]);
}

function conditional(request: OriginRequest, stale: StoredObject): OriginRequest {
  const headers = new Headers(request.headers);
  for (const [name, value] of validatorsFor(new Headers(pairs(stale)))) headers.set(name, value);
  return { ...request, headers };
}

function mayServeOnError(entry: CoreEntry, stored: StoredObject): boolean {
  const staleForMs = entry.ageMs - entry.maxAgeMs;
  return staleForMs < Math.max(stored.staleIfErrorMs, stored.staleWhileRevalidateMs);
}

/** A lookup that this request will not use: give up the duty to fill it, if there is one, and close it. */
function release(entry: CoreTransaction): void {
  if (entry.mustInsertOrUpdate) entry.cancel();
  entry.close();
}

function options(
  object: StoredObject,
  ttlSeconds: number,
  initialAgeSeconds: number,
): Parameters<CoreTransaction['insert']>[0] {
  const hasValidator = object.headers.some(([name]) => name === 'etag' || name === 'last-modified');
  return {
    // The platform counts freshness from the response's birth: its age on arrival is part of the maximum.
    maxAgeMs: (ttlSeconds + initialAgeSeconds) * 1000,
    initialAgeMs: initialAgeSeconds * 1000,
    staleWhileRevalidateMs: Math.max(
      object.staleWhileRevalidateMs,
      object.staleIfErrorMs,
      hasValidator ? KEEP_FOR_REVALIDATION_MS : 0,
    ),
    surrogateKeys: object.surrogateKeys,
    vary: object.vary,
    metadata: JSON.stringify(object),
    lengthBytes: object.lengthBytes,
  };
}

function markerOptions(task: CacheTask, maxAgeMs: number): Parameters<CoreTransaction['insert']>[0] {
  return {
    maxAgeMs,
    initialAgeMs: 0,
    staleWhileRevalidateMs: 0,
    surrogateKeys: task.surrogateKeys,
    vary: [],
    metadata: JSON.stringify(passMarker(task.fingerprint, task.surrogateKeys)),
    lengthBytes: 0,
  };
}
