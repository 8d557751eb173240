import type { Fields } from '../../http/fields.ts';
import type { CoreCachePort } from '../../platform/core-cache-port.ts';
import { bytesSource, streamSource } from '../body-source.ts';
import type { CacheResult, CacheTask, EvaluateResponse } from '../cache-engine.ts';
import { ENDED_EARLY } from '../ended-early.ts';
import type { FreshnessDecision } from '../freshness/freshness-decision.ts';
import { announcedLength, readUpTo, restOf } from '../store-body.ts';
import type { FillTransaction } from './fill-transaction.ts';
import { evict } from './insert-options.ts';
import { publish } from './publish.ts';
import { HIT_FOR_MISS_MS } from './renew.ts';
import { storedObject } from './stored-object.ts';

/** What is not stored for what its body says may be stored a moment later: errors pass. */
const NOT_NOW_MARKER_MS = 1000;

/** What is known beside the response itself. */
export interface ToInspect {
  readonly evaluate: EvaluateResponse;
  readonly limitBytes: number;
  readonly headers: Fields;
  readonly requestedAtMs: number;
  readonly originMs: number;
  /** Of the object whose place this takes: a marker with another one would stand beside it. */
  readonly staleVary: readonly string[];
}

/** Reads a response to its end, looks into it, and stores it only then. What is too long to be looked at is handed on. */
export async function storeInspected(
  cache: CoreCachePort,
  task: CacheTask,
  filling: FillTransaction,
  response: Response,
  { evaluate, limitBytes, headers, requestedAtMs, originMs, staleVary }: ToInspect,
  isIntact: () => boolean,
): Promise<CacheResult> {
  const { status, body } = response;
  const announced = announcedLength(response.headers);
  const start =
    body === null
      ? { bytes: new Uint8Array(0), rest: null }
      : await readUpTo(body, limitBytes, task.betweenBytesTimeoutMs);
  const { bytes, rest } = start;
  if (rest === null && announced !== null && announced !== bytes.byteLength) {
    throw new Error(ENDED_EARLY);
  }
  const whole = rest === null && bytes.byteLength <= limitBytes;
  const verdict = await evaluate({ status, headers, requestedAtMs }, whole ? bytes : null);
  const answer = {
    state: 'MISS',
    status,
    headers,
    body: rest === null ? bytesSource(bytes) : streamSource(restOf(start), announced, task),
    ageSeconds: verdict.initialAgeSeconds,
    originMs,
  } as const;
  const object = storedObject(status, headers, task, verdict, bytes.byteLength);
  const replace = () => evict(cache, task, object.vary);
  const stands = verdict.store && isIntact();
  if (!stands) filling.insertMarker(task, markerMsOf(verdict), staleVary);
  else if (publish(filling.insert(object, verdict), bytes, isIntact, replace))
    return { ...answer, ttlSeconds: verdict.ttlSeconds, stored: true, detail: verdict.reason };
  const detail = verdict.store ? 'purged-meanwhile' : verdict.reason;
  return { ...answer, ttlSeconds: 0, stored: false, detail };
}

/** What the headers say is said of the next response too; what the body says may be of this one alone. */
function markerMsOf({ store, reason }: FreshnessDecision): number {
  if (store) return 1;
  return reason.startsWith('graphql-') ? NOT_NOW_MARKER_MS : HIT_FOR_MISS_MS;
}
