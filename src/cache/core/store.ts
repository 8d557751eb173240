import type { Fields } from '../../http/fields.ts';
import { bytesSource, streamSource } from '../body-source.ts';
import type { CacheResult, CacheTask } from '../cache-engine.ts';
import { ENDED_EARLY } from '../ended-early.ts';
import type { FreshnessDecision } from '../freshness/freshness-decision.ts';
import { announcedLength, readUpTo, startPump } from '../store-body.ts';
import { storeUnannounced } from './core-stream.ts';
import type { FillTransaction } from './fill-transaction.ts';
import { evict } from './insert-options.ts';
import { publish } from './publish.ts';
import type { CoreTools } from './results.ts';
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
  tools: CoreTools,
  task: CacheTask,
  filling: FillTransaction,
  response: Response,
  headers: Fields,
  decision: FreshnessDecision,
  originMs: number,
  isIntact: () => boolean,
): Promise<CacheResult> {
  const { cache } = tools;
  const { body } = response;
  const announced = announcedLength(response.headers);
  const isEmpty = response.status === 204 || response.status === 205;
  if (announced === null && body !== null && !isEmpty) {
    const facts = { body, headers, decision, originMs };
    return storeUnannounced(tools, task, filling, response, facts, isIntact);
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
    throw new Error(ENDED_EARLY);
  }
  const answer = {
    state: 'MISS',
    status: response.status,
    headers,
    ageSeconds: decision.initialAgeSeconds,
    originMs,
  } as const;
  const lengthBytes = rest === null ? bytes.byteLength : announced;
  const stands = isIntact();
  if (rest === null) {
    const body = bytes.byteLength === 0 ? null : bytesSource(bytes);
    const object = storedObject(response.status, headers, task, decision, lengthBytes);
    const replace = () => evict(cache, task, object.vary);
    if (!stands) filling.insertMarker(task, 1);
    else if (publish(filling.insert(object, decision), bytes, isIntact, replace))
      return { ...answer, body, ttlSeconds: decision.ttlSeconds, stored: true, detail: 'stored' };
    return { ...answer, body, ttlSeconds: 0, stored: false, detail: 'purged-meanwhile' };
  }
  // A large body goes through the cache in any case: purged meanwhile, it is beyond use on arrival.
  const kept = stands ? decision : { ...decision, ...BEYOND_USE };
  const object = storedObject(response.status, headers, task, kept, lengthBytes);
  const { writer, entry: readBack } = filling.insertAndStreamBack(object, kept);
  // A request from now on does not find it. It goes on to be written: this answer is read from it.
  if (stands && !isIntact()) evict(cache, task, object.vary);
  let hasBrokenOff = false;
  const pump = startPump(start, writer, announced, task.betweenBytesTimeoutMs);
  const pumped = pump.done.then((isWhole) => {
    hasBrokenOff = !isWhole;
    if (hasBrokenOff) evict(cache, task, object.vary);
  });
  await pump.headStart(HEAD_START_MS, QUIET_MS);
  if (hasBrokenOff) {
    readBack.close();
    throw new Error(ENDED_EARLY);
  }
  return {
    ...answer,
    body: streamSource(readBack.body(), lengthBytes, task),
    ttlSeconds: kept.ttlSeconds,
    stored: stands,
    background: pumped.then(() => null),
    detail: stands ? 'stored' : 'purged-meanwhile',
  };
}
