import { updateStored } from '../../http/conditional.ts';
import type { ReadonlyFields } from '../../http/fields.ts';
import { HeaderFields } from '../../http/header-fields.ts';
import { bytesSource, streamSource } from '../body-source.ts';
import type { BodySource, CacheResult, CacheTask, EvaluateResponse } from '../cache-engine.ts';
import { withoutStrippedCookies } from '../fetch-alone.ts';
import { withoutEcho } from '../forwarded-echo.ts';
import type { FillTransaction } from './fill-transaction.ts';
import { evict } from './insert-options.ts';
import { type BodyUse, type CoreTools, fromStore } from './results.ts';
import { type StoredObject, storedObject } from './stored-object.ts';

/** After a response that could not be stored, requests for its key do not wait for each other for so long. */
export const HIT_FOR_MISS_MS = 10_000;

/** A 304 of the origin. */
interface NotModified {
  readonly headers: ReadonlyFields;
  readonly requestedAtMs: number;
  readonly originMs: number;
  /** What the origin was sent and no stored response may hold. */
  readonly values: readonly string[];
}

/** 304: what is stored still holds. */
export async function renew(
  tools: CoreTools,
  task: CacheTask,
  evaluate: EvaluateResponse,
  filling: FillTransaction,
  stale: StoredObject,
  { headers: received, requestedAtMs, originMs, values }: NotModified,
  body: BodyUse,
  isIntact: () => boolean,
): Promise<CacheResult> {
  const { entry } = filling;
  const headers = updateStored(HeaderFields.of(stale.headers), received);
  const judged = evaluate({ status: stale.status, headers, requestedAtMs });
  const decision = withoutEcho(judged, task.forwarded, values, headers);
  withoutStrippedCookies(decision, headers);
  const object = storedObject(stale.status, headers, task, decision, stale.lengthBytes);
  const { unkeyedVary } = decision;
  const stands = isIntact();
  if (!decision.store || !stands) {
    const detail = decision.store ? 'purged-meanwhile' : decision.reason;
    const result = fromStore(tools, task, entry, object, { state: 'MISS', detail, originMs, body });
    const facts = { ttlSeconds: 0, ageSeconds: decision.initialAgeSeconds };
    const opened = (await result.body?.open()) ?? null;
    // A marker takes the place of the body that this answer is read from: where that is large, requests go on to wait for each other.
    if (opened instanceof ReadableStream) filling.giveUp();
    else filling.insertMarker(task, stands ? HIT_FOR_MISS_MS : 1, stale.vary, unkeyedVary);
    return { ...result, ...facts, body: opened === null ? null : sourceOf(opened, stale.lengthBytes, task) };
  }
  const renewed = { state: 'MISS', detail: 'revalidated', originMs, body } as const;
  const result = fromStore(tools, task, entry, object, renewed);
  filling.update(object, decision);
  if (!isIntact()) {
    evict(tools.cache, task, object.vary);
    return { ...result, ttlSeconds: 0, ageSeconds: decision.initialAgeSeconds, detail: 'purged-meanwhile' };
  }
  const { initialAgeSeconds: ageSeconds, ttlSeconds } = decision;
  return { ...result, ageSeconds, ttlSeconds, stored: true };
}

/** A body that has been opened. */
function sourceOf(
  body: Uint8Array | ReadableStream<Uint8Array>,
  lengthBytes: number | null,
  task: CacheTask,
): BodySource {
  return body instanceof ReadableStream ? streamSource(body, lengthBytes, task) : bytesSource(body);
}
