import type { Fields } from '../../types/fields.ts';
import type { FreshnessDecision } from '../../types/freshness.ts';
import type { CoreCachePort } from '../../types/platform.ts';
import type { CacheResult, CacheTask } from '../../types/readthrough.ts';
import { bytesSource, streamSource } from '../body-source.ts';
import { announcedLength, readUpTo, startPump } from '../store-body.ts';
import { storeUnannounced } from './core-stream.ts';
import type { Duty } from './fill-transaction.ts';
import { takeOut } from './insert-options.ts';
import { publish } from './publish.ts';
import { storedObject } from './stored-object.ts';

/**
 * What is written to a client that reads slowly blocks the sandbox, and with it the body that others may be waiting for: so much
 * time a large one has to be stored before it begins to go out, unless its origin falls silent meanwhile.
 */
const HEAD_START_MS = 1000;
const QUIET_MS = 200;
const BEYOND_USE = { ttlSeconds: 0, staleWhileRevalidateSeconds: 0, staleIfErrorSeconds: 0 };

/** Stores a response, and answers with it: from memory where it is small, else while it is being written. */
export async function store(
  cache: CoreCachePort,
  task: CacheTask,
  duty: Duty,
  response: Response,
  headers: Fields,
  decision: FreshnessDecision,
  originMs: number,
  stillStands: () => boolean,
): Promise<CacheResult> {
  const { body } = response;
  const announced = announcedLength(response.headers);
  const isEmpty = response.status === 204 || response.status === 205;
  if (announced === null && body !== null && !isEmpty) {
    const facts = { body, headers, decision, originMs };
    return storeUnannounced(cache, task, duty, response, facts, stillStands);
  }
  const isSmall = announced === null || announced <= task.bufferBytes;
  const start =
    body === null
      ? { bytes: new Uint8Array(0), rest: null }
      : isSmall
        ? await readUpTo(body, task.bufferBytes, task.betweenBytesTimeoutMs)
        : { bytes: new Uint8Array(0), rest: body.getReader() };
  const { bytes, rest } = start;
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
  const stands = stillStands();
  if (rest === null) {
    const body = bytes.byteLength === 0 ? null : bytesSource(bytes);
    const object = storedObject(response.status, headers, task, decision, lengthBytes);
    const replace = () => takeOut(cache, task, object.vary);
    if (!stands) duty.insertMarker(task, 1);
    else if (publish(duty.insert(object, decision), bytes, stillStands, replace))
      return { ...answer, body, ttlSeconds: decision.ttlSeconds, stored: true, detail: 'stored' };
    return { ...answer, body, ttlSeconds: 0, stored: false, detail: 'purged-meanwhile' };
  }
  // A large body goes through the cache in any case: purged meanwhile, it is beyond use on arrival.
  const kept = stands ? decision : { ...decision, ...BEYOND_USE };
  const object = storedObject(response.status, headers, task, kept, lengthBytes);
  const { writer, entry: readBack } = duty.insertAndStreamBack(object, kept);
  // Whoever asks from now on does not find it. It goes on to be written: this answer is read from it.
  if (stands && !stillStands()) takeOut(cache, task, object.vary);
  let hasBrokenOff = false;
  const pump = startPump(start, writer, announced, task.betweenBytesTimeoutMs);
  const pumped = pump.done.then((isWhole) => {
    hasBrokenOff = !isWhole;
    if (hasBrokenOff) takeOut(cache, task, object.vary);
  });
  task.waitUntil(pumped);
  await pump.headStart(HEAD_START_MS, QUIET_MS);
  if (hasBrokenOff) {
    readBack.close();
    throw new Error('the origin ended the body early');
  }
  return {
    ...answer,
    body: streamSource(readBack.body(), lengthBytes, task),
    ttlSeconds: kept.ttlSeconds,
    stored: stands,
    detail: stands ? 'stored' : 'purged-meanwhile',
  };
}
