import { updateStored, validatorsFor } from '../http/conditional.ts';
import type {
  CacheResult,
  CacheTask,
  CoreCachePort,
  CoreEntry,
  CoreTransaction,
  FreshnessDecision,
  OriginRequest,
} from '../types.ts';
import { bytesSource, streamSource } from './body-source.ts';
import { markerOptions, objectOptions, takeOut } from './insert-options.ts';
import { looksWhole } from './looks-whole.ts';
import { originFailure } from './origin-failure.ts';
import { type BodyUse, fromStore, notStored, staleForMs } from './results.ts';
import { plantSentinel } from './sentinel.ts';
import { announcedLength, pumpBody, readUpTo, restOf } from './store-body.ts';
import { pairsOf, type StoredObject, storedObject } from './stored-object.ts';

/** After a response that could not be stored, requests for its key do not wait for each other for so long. */
const PASS_MARKER_MS = 10_000;
/** After a failing origin. */
const FAILURE_MARKER_MS = 1000;
/** A body whose end nothing announces is stored up to this length, when it shows that it is whole. */
const UNANNOUNCED_BYTES = 1_048_576;
const BEYOND_USE = { ttlSeconds: 0, staleWhileRevalidateSeconds: 0, staleIfErrorSeconds: 0 };

export interface FillDeps {
  readonly cache: CoreCachePort;
  readonly fetchOrigin: (request: OriginRequest) => Promise<Response>;
  readonly nowMs: () => number;
}

/**
 * A function for the one request that has the duty to fill an entry, while others wait for it. The duty is always
 * discharged: by an object, by a marker, or by giving it up.
 */
export function createFill({
  cache,
  fetchOrigin,
  nowMs,
}: FillDeps): (
  task: CacheTask,
  entry: CoreTransaction,
  stale: StoredObject | null,
  body: BodyUse,
) => Promise<CacheResult> {
  return async function fill(task, entry, stale, body) {
    const duty = dutyOf(entry);
    const requestedAtMs = nowMs();
    try {
      const sentinel = plantSentinel(cache, task.cacheKey, task.surrogateKeys);
      const response = await fetchOrigin(stale === null ? task.request : conditional(task.request, stale));
      const originMs = nowMs() - requestedAtMs;

      if (response.status >= 500 && stale !== null && mayServeOnError(entry, stale)) {
        const result = fromStore(task, entry, stale, {
          state: 'STALE',
          detail: 'if-error',
          originMs,
          body,
        });
        duty.giveUp();
        discard(response);
        return result;
      }
      if (response.status === 304 && stale !== null) {
        return renew(task, duty, stale, response.headers, requestedAtMs, body, () => sentinel.stillStands());
      }
      const headers = new Headers(response.headers);
      const decision = task.decide(response.status, headers, requestedAtMs);
      const facts = { originMs, ageSeconds: decision.initialAgeSeconds };
      if (!decision.store) {
        duty.insertMarker(task, response.status >= 500 ? FAILURE_MARKER_MS : PASS_MARKER_MS);
        return notStored(task, response, headers, { ...facts, detail: decision.reason });
      }
      return await store(cache, task, duty, response, headers, decision, originMs, () =>
        sentinel.stillStands(),
      );
    } catch (error) {
      if (duty.isOpen && stale !== null && mayServeOnError(entry, stale)) {
        const facts = { state: 'STALE', detail: 'if-error', originMs: null, body } as const;
        const result = fromStore(task, entry, stale, facts);
        duty.giveUp();
        return result;
      }
      duty.giveUp();
      throw originFailure(error);
    }
  };

  /** 304: what is stored still holds. */
  function renew(
    task: CacheTask,
    duty: Duty,
    stale: StoredObject,
    notModified: Headers,
    requestedAtMs: number,
    body: BodyUse,
    stillStands: () => boolean,
  ): CacheResult {
    const { entry } = duty;
    const headers = updateStored(new Headers(pairsOf(stale)), notModified);
    const decision = task.decide(stale.status, headers, requestedAtMs);
    const originMs = nowMs() - requestedAtMs;
    const object = storedObject(stale.status, headers, task, decision, stale.lengthBytes);
    if (!decision.store || !stillStands()) {
      // A marker would replace the body that this answer is read from.
      const facts = { state: 'MISS', detail: decision.reason, originMs, body } as const;
      const result = fromStore(task, entry, object, facts);
      duty.giveUp();
      return { ...result, ttlSeconds: 0, ageSeconds: decision.initialAgeSeconds };
    }
    const result = fromStore(task, entry, object, {
      state: 'MISS',
      detail: 'revalidated',
      originMs,
      body,
    });
    duty.update(object, decision);
    return {
      ...result,
      ageSeconds: decision.initialAgeSeconds,
      ttlSeconds: decision.ttlSeconds,
      stored: true,
    };
  }
}

/** Stores a response, and answers with it: from memory where it is small, else while it is being written. */
async function store(
  cache: CoreCachePort,
  task: CacheTask,
  duty: Duty,
  response: Response,
  headers: Headers,
  decision: FreshnessDecision,
  originMs: number,
  stillStands: () => boolean,
): Promise<CacheResult> {
  const announced = announcedLength(response.headers);
  const limit = announced === null ? Math.max(UNANNOUNCED_BYTES, task.bufferBytes) : task.bufferBytes;
  const start =
    response.body === null
      ? { bytes: new Uint8Array(0), rest: null }
      : await readUpTo(response.body, limit, task.betweenBytesTimeoutMs);
  const { bytes, rest } = start;
  if (announced === null && (rest !== null || !(await looksWhole(bytes, headers)))) {
    duty.insertMarker(task, FAILURE_MARKER_MS);
    const body = rest === null ? bytesSource(bytes) : streamSource(restOf(start), null, task);
    const facts = { state: 'MISS', originMs, ageSeconds: decision.initialAgeSeconds } as const;
    const detail = rest === null ? 'incomplete' : 'unannounced';
    return { ...facts, status: response.status, headers, body, ttlSeconds: 0, stored: false, detail };
  }
  if (rest === null && announced !== null && announced !== bytes.byteLength) {
    throw new Error('the origin ended the body early');
  }
  const answer = {
    state: 'MISS',
    status: response.status,
    headers,
    ageSeconds: decision.initialAgeSeconds,
    originMs,
  } as const;
  const lengthBytes = rest === null ? bytes.byteLength : announced;
  // Asked for as late as can be: from here to the insertion nothing is awaited.
  const stands = stillStands();
  if (!stands && rest === null) {
    duty.insertMarker(task, 1);
    return { ...answer, body: bytesSource(bytes), ttlSeconds: 0, stored: false, detail: 'purged-meanwhile' };
  }
  if (rest === null) {
    duty.insert(storedObject(response.status, headers, task, decision, lengthBytes), decision, bytes);
    const body = bytes.byteLength === 0 ? null : bytesSource(bytes);
    return { ...answer, body, ttlSeconds: decision.ttlSeconds, stored: true, detail: 'stored' };
  }
  // A large body goes through the cache in any case: purged meanwhile, it is beyond use on arrival.
  const kept = stands ? decision : { ...decision, ...BEYOND_USE };
  const object = storedObject(response.status, headers, task, kept, lengthBytes);
  const { writer, entry: readBack } = duty.insertAndStreamBack(object, kept);
  task.waitUntil(
    pumpBody(start, writer, announced, task.betweenBytesTimeoutMs).then((isWhole) => {
      if (!isWhole) takeOut(cache, task);
    }),
  );
  return {
    ...answer,
    body: streamSource(readBack.body(), lengthBytes, task),
    ttlSeconds: kept.ttlSeconds,
    stored: stands,
    detail: stands ? 'stored' : 'purged-meanwhile',
  };
}

/** The transaction of a filling request, which ends once. */
interface Duty {
  readonly entry: CoreEntry;
  readonly isOpen: boolean;
  giveUp(): void;
  insert(object: StoredObject, decision: FreshnessDecision, body: Uint8Array): void;
  insertMarker(task: CacheTask, maxAgeMs: number): void;
  insertAndStreamBack(
    object: StoredObject,
    decision: FreshnessDecision,
  ): ReturnType<CoreTransaction['insertAndStreamBack']>;
  update(object: StoredObject, decision: FreshnessDecision): void;
}

function dutyOf(entry: CoreTransaction): Duty {
  let open = true;
  return {
    entry,
    get isOpen() {
      return open;
    },
    giveUp() {
      if (open) entry.cancel();
      open = false;
    },
    insert(object, decision, body) {
      const writer = entry.insert(objectOptions(object, decision));
      open = false;
      if (body.byteLength > 0) writer.write(body);
      writer.close();
    },
    insertMarker(task, maxAgeMs) {
      entry.insert(markerOptions(task, maxAgeMs)).close();
      open = false;
    },
    insertAndStreamBack(object, decision) {
      const both = entry.insertAndStreamBack(objectOptions(object, decision));
      open = false;
      return both;
    },
    update(object, decision) {
      entry.update(objectOptions(object, decision));
      open = false;
    },
  };
}

function conditional(request: OriginRequest, stale: StoredObject): OriginRequest {
  const headers = new Headers(request.headers);
  for (const [name, value] of validatorsFor(new Headers(pairsOf(stale)))) headers.set(name, value);
  return { ...request, headers };
}

function mayServeOnError(entry: CoreEntry, stored: StoredObject): boolean {
  return staleForMs(entry) < Math.max(stored.staleIfErrorMs, stored.staleWhileRevalidateMs);
}

function discard(response: Response): void {
  response.body?.cancel().catch(() => {});
}
