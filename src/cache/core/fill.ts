import { updateStored, validatorsFor } from '../../http/conditional.ts';
import { HeaderFields } from '../../http/header-fields.ts';
import { originFailure } from '../../origin/origin-failure.ts';
import type { ReadonlyFields } from '../../types/fields.ts';
import type { CoreCachePort, CoreTransaction } from '../../types/platform.ts';
import type { BodySource, CacheResult, CacheTask, OriginRequest } from '../../types/readthrough.ts';
import { bytesSource, streamSource } from '../body-source.ts';
import { plantSentinel } from '../sentinel.ts';
import { type Duty, dutyOf } from './fill-transaction.ts';
import { takeOut } from './insert-options.ts';
import { type BodyUse, fromStore, mayServeOnError, notStored } from './results.ts';
import { store } from './store.ts';
import { storeInspected } from './store-inspected.ts';
import { type StoredObject, storedObject } from './stored-object.ts';

/** After a response that could not be stored, requests for its key do not wait for each other for so long. */
const PASS_MARKER_MS = 10_000;
/** After a failing origin. */
const FAILURE_MARKER_MS = 1000;

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
      const sentinel = plantSentinel(cache, task.cacheKey, task.sentinelKeys);
      // A 304 says nothing of what is in the body, and to a POST no origin answers one.
      const validators = task.inspection === null ? stale : null;
      const response = await fetchOrigin(conditional(task.request(), validators));
      const originMs = nowMs() - requestedAtMs;

      if (response.status >= 500 && stale !== null && mayServeOnError(entry, stale)) {
        // A refresh behind a stale answer: that answer is gone already, and the log is told.
        if (body === 'none') throw failedWith(response);
        const result = fromStore(cache, task, entry, stale, {
          state: 'STALE',
          detail: 'if-error',
          originMs,
          body,
        });
        duty.giveUp();
        discard(response);
        return result;
      }
      if (response.status === 304 && validators !== null) {
        return await renew(task, duty, validators, response.headers, requestedAtMs, body, () =>
          sentinel.stillStands(),
        );
      }
      const headers = new HeaderFields(response.headers);
      const decision = task.decide(response.status, headers, requestedAtMs);
      const facts = { originMs, ageSeconds: decision.initialAgeSeconds };
      if (!decision.store) {
        const markerMs = response.status >= 500 ? FAILURE_MARKER_MS : PASS_MARKER_MS;
        duty.insertMarker(task, markerMs, stale?.vary, decision.unkeyedVary);
        return notStored(task, response, headers, { ...facts, detail: decision.reason });
      }
      const stillStands = () => sentinel.stillStands();
      const { inspection } = task;
      if (inspection !== null) {
        const facts = { inspection, headers, requestedAtMs, originMs, staleVary: stale?.vary ?? [] };
        return await storeInspected(cache, task, duty, response, facts, stillStands);
      }
      return await store(cache, task, duty, response, headers, decision, originMs, stillStands);
    } catch (error) {
      if (duty.isOpen && stale !== null && body !== 'none' && mayServeOnError(entry, stale)) {
        const facts = { state: 'STALE', detail: 'if-error', originMs: null, body } as const;
        const result = fromStore(cache, task, entry, stale, facts);
        duty.giveUp();
        return result;
      }
      duty.giveUp();
      throw originFailure(error);
    }
  };

  /** 304: what is stored still holds. */
  async function renew(
    task: CacheTask,
    duty: Duty,
    stale: StoredObject,
    notModified: ReadonlyFields,
    requestedAtMs: number,
    body: BodyUse,
    stillStands: () => boolean,
  ): Promise<CacheResult> {
    const { entry } = duty;
    const headers = updateStored(new HeaderFields(stale.headers), notModified);
    const decision = task.decide(stale.status, headers, requestedAtMs);
    const originMs = nowMs() - requestedAtMs;
    const object = storedObject(stale.status, headers, task, decision, stale.lengthBytes);
    const { unkeyedVary } = decision;
    const stands = stillStands();
    if (!decision.store || !stands) {
      const detail = decision.store ? 'purged-meanwhile' : decision.reason;
      const result = fromStore(cache, task, entry, object, { state: 'MISS', detail, originMs, body });
      const facts = { ttlSeconds: 0, ageSeconds: decision.initialAgeSeconds };
      const opened = (await result.body?.open()) ?? null;
      // A marker takes the place of the body that this answer is read from: where that is large, requests go on to wait for each other.
      if (opened instanceof ReadableStream) duty.giveUp();
      else duty.insertMarker(task, stands ? PASS_MARKER_MS : 1, stale.vary, unkeyedVary);
      return {
        ...result,
        ...facts,
        body: opened === null ? null : sourceOf(opened, stale.lengthBytes, task),
      };
    }
    const result = fromStore(cache, task, entry, object, {
      state: 'MISS',
      detail: 'revalidated',
      originMs,
      body,
    });
    duty.update(object, decision);
    if (!stillStands()) {
      takeOut(cache, task, object.vary);
      return { ...result, ttlSeconds: 0, ageSeconds: decision.initialAgeSeconds, detail: 'purged-meanwhile' };
    }
    return {
      ...result,
      ageSeconds: decision.initialAgeSeconds,
      ttlSeconds: decision.ttlSeconds,
      stored: true,
    };
  }
}

function conditional(request: OriginRequest, stale: StoredObject | null): OriginRequest {
  if (stale === null) return request;
  const headers = new HeaderFields(request.headers);
  for (const [name, value] of validatorsFor(new HeaderFields(stale.headers))) headers.set(name, value);
  return { ...request, headers };
}

/** A body that has been opened. */
function sourceOf(
  body: Uint8Array | ReadableStream<Uint8Array>,
  lengthBytes: number | null,
  task: CacheTask,
): BodySource {
  return body instanceof ReadableStream ? streamSource(body, lengthBytes, task) : bytesSource(body);
}

function failedWith(response: Response): Error {
  discard(response);
  return new Error(`the origin answered ${response.status}`);
}

function discard(response: Response): void {
  response.body?.cancel().catch(() => {});
}
