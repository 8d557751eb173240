import { validatorsFor } from '../../http/conditional.ts';
import { HeaderFields } from '../../http/header-fields.ts';
import { originFailure } from '../../origin/origin-failure.ts';
import type { CoreTransaction } from '../../platform/core-cache-port.ts';
import type { OriginRequest } from '../../platform/origin-request.ts';
import type { CacheResult, CacheTask, TaskCalls } from '../cache-engine.ts';
import { notStored, withoutStrippedCookies } from '../fetch-alone.ts';
import { forwardedValues, withoutEcho } from '../forwarded-echo.ts';
import { plantSentinel } from '../sentinel.ts';
import { fillTransaction } from './fill-transaction.ts';
import { HIT_FOR_MISS_MS, renew } from './renew.ts';
import { type BodyUse, type CoreTools, fromStore, mayServeOnError } from './results.ts';
import { store } from './store.ts';
import { storeInspected } from './store-inspected.ts';
import type { StoredObject } from './stored-object.ts';

/** After a failing origin. */
const FAILURE_MARKER_MS = 1000;

export interface FillDeps extends CoreTools {
  readonly fetchOrigin: (request: OriginRequest) => Promise<Response>;
  readonly nowMs: () => number;
}

/**
 * A function for the one request that has to fill an entry, while others wait for it. The transaction always
 * ends: by an object, by a marker, or by giving it up.
 */
export function createFill({
  cache,
  cutOff,
  fetchOrigin,
  nowMs,
}: FillDeps): (
  task: CacheTask,
  calls: TaskCalls,
  entry: CoreTransaction,
  stale: StoredObject | null,
  body: BodyUse,
) => Promise<CacheResult> {
  const tools = { cache, cutOff };
  return async function fill(task, calls, entry, stale, body) {
    const { originRequest, evaluate } = calls;
    const filling = fillTransaction(entry);
    const requestedAtMs = nowMs();
    try {
      const sentinel = plantSentinel(cache, task.cacheKey, task.sentinelKeys);
      const plain = originRequest();
      // A 304 says nothing of what is in the body; a condition on a POST is answered with 412 (RFC 9110 section 13.1.2).
      const validators = task.inspectBytes === null && plain.method !== 'POST' ? stale : null;
      const asked = conditional(plain, validators);
      const values = forwardedValues(asked.headers, task.forwarded);
      const response = await fetchOrigin(asked);
      const originMs = nowMs() - requestedAtMs;

      if (response.status >= 500 && stale !== null && mayServeOnError(entry, stale)) {
        // A refresh behind a stale answer: that answer is gone already, and the log is told.
        if (body === 'none') throw failedWith(response);
        const result = fromStore(tools, task, entry, stale, {
          state: 'STALE',
          detail: 'if-error',
          originMs,
          body,
        });
        filling.giveUp();
        discard(response);
        return result;
      }
      if (response.status === 304 && validators !== null) {
        const received = { headers: response.headers, requestedAtMs, originMs, values };
        const isIntact = () => sentinel.isIntact();
        return await renew(tools, task, evaluate, filling, validators, received, body, isIntact);
      }
      const headers = new HeaderFields(response.headers);
      const judged = evaluate({ status: response.status, headers, requestedAtMs });
      const decision = withoutEcho(judged, task.forwarded, values, headers);
      withoutStrippedCookies(decision, headers);
      const facts = { originMs, ageSeconds: decision.initialAgeSeconds };
      if (!decision.store) {
        const markerMs = response.status >= 500 ? FAILURE_MARKER_MS : HIT_FOR_MISS_MS;
        filling.insertMarker(task, markerMs, stale?.vary, decision.unkeyedVary);
        return notStored(task, response, headers, { ...facts, detail: decision.reason });
      }
      const isIntact = () => sentinel.isIntact();
      const { inspectBytes: limitBytes } = task;
      if (limitBytes !== null) {
        const facts = {
          evaluate,
          limitBytes,
          headers,
          requestedAtMs,
          originMs,
          staleVary: stale?.vary ?? [],
        };
        return await storeInspected(cache, task, filling, response, facts, isIntact);
      }
      return await store(tools, task, filling, response, headers, decision, originMs, isIntact);
    } catch (error) {
      if (filling.isOpen && stale !== null && body !== 'none' && mayServeOnError(entry, stale)) {
        const facts = { state: 'STALE', detail: 'if-error', originMs: null, body } as const;
        const result = fromStore(tools, task, entry, stale, facts);
        filling.giveUp();
        return result;
      }
      filling.giveUp();
      throw originFailure(error);
    }
  };
}

function conditional(request: OriginRequest, stale: StoredObject | null): OriginRequest {
  if (stale === null) return request;
  const headers = new HeaderFields(request.headers);
  for (const [name, value] of validatorsFor(HeaderFields.of(stale.headers))) headers.set(name, value);
  return { ...request, headers };
}

function failedWith(response: Response): Error {
  discard(response);
  return new Error(`the origin answered ${response.status}`);
}

function discard(response: Response): void {
  response.body?.cancel().catch(() => {});
}
