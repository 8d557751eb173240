import type { Fields } from '../../http/fields.ts';
import type { CoreCachePort } from '../../platform/core-cache-port.ts';
import { bytesSource } from '../body-source.ts';
import type { CacheResult, CacheTask } from '../cache-engine.ts';
import { ENDED_EARLY } from '../ended-early.ts';
import { notStored } from '../fetch-alone.ts';
import type { FreshnessDecision } from '../freshness/freshness-decision.ts';
import { endsWhole, looksWhole } from '../looks-whole.ts';
import type { FillTransaction } from './fill-transaction.ts';
import { brokenStreamOptions, evict } from './insert-options.ts';
import { type Probe, probeOf } from './probe.ts';
import type { CoreTools } from './results.ts';
import { type StoredObject, storedObject } from './stored-object.ts';
import { unfinishedSource } from './unfinished-body.ts';

/** A body whose end nothing announces is looked into as a whole up to this length; beyond it, at its end. */
const MAX_READ_BYTES = 1_048_576;
/** An origin that falls silent for so long is not waited for: what has come goes out. */
const QUIET_MS = 50;

/** What is known beside the response itself. */
interface Unannounced {
  readonly body: ReadableStream<Uint8Array>;
  readonly headers: Fields;
  readonly decision: FreshnessDecision;
  readonly originMs: number;
}

/**
 * Stores a body whose length nothing announces while it goes out: the host writes it into the cache, and each client reads it from
 * there as it comes. What is short and comes at once goes out whole, with its length. The cache cuts off whoever is reading where the
 * origin has broken off; nobody finds such an object afterwards.
 */
export async function storeUnannounced(
  { cache, cutOff }: CoreTools,
  task: CacheTask,
  filling: FillTransaction,
  response: Response,
  { body, headers, decision, originMs }: Unannounced,
  isIntact: () => boolean,
): Promise<CacheResult> {
  const facts = { originMs, ageSeconds: decision.initialAgeSeconds };
  const asItCame = () => notStored(task, response, headers, { ...facts, detail: 'purged-meanwhile' });
  if (!isIntact()) {
    filling.insertMarker(task, 1);
    return asItCame();
  }
  const object = storedObject(response.status, headers, task, decision, null);
  const { writer, entry } = filling.insertAndStreamBack(object, decision);
  // Whoever has found it meanwhile waits for its body, and does not get it: see publish.ts.
  if (!isIntact()) {
    markBroken(cache, task, object);
    writer.abandon();
    entry.close();
    return asItCame();
  }
  writer.append(body);
  writer.close();
  const find = () => cache.lookup(task.cacheKey, task.encoding);
  const found = find();
  const probe = found?.found === true ? probeOf(found, find) : null;
  const answer = { ...facts, state: 'MISS', status: response.status, headers } as const;

  const start = await probe?.look(task.bufferBytes, QUIET_MS);
  if (start?.state === 'broken') {
    markBroken(cache, task, object);
    entry.close();
    throw new Error(ENDED_EARLY);
  }
  if (start?.state === 'ended' || start?.state === 'gone') {
    entry.close();
    const sent = { ...answer, body: start.bytes.byteLength === 0 ? null : bytesSource(start.bytes) };
    if (start.state === 'gone') return { ...sent, stored: false, ttlSeconds: 0, detail: 'purged-meanwhile' };
    if (await looksWhole(start.bytes, headers))
      return { ...sent, stored: true, ttlSeconds: decision.ttlSeconds, detail: 'stored' };
    evict(cache, task, object.vary);
    return { ...sent, stored: false, ttlSeconds: 0, detail: 'incomplete' };
  }
  return {
    ...answer,
    body: unfinishedSource(entry, find, cutOff, true),
    // Whether it is kept is known at its end.
    stored: false,
    ttlSeconds: 0,
    detail: 'streaming',
    ...(probe === null
      ? {}
      : { background: keepIfWhole(cache, task, probe, headers, object).then(() => null) }),
  };
}

/** Reads an object to its end, and takes it out of the cache where it turns out not to be whole. */
async function keepIfWhole(
  cache: CoreCachePort,
  task: CacheTask,
  probe: Probe,
  headers: Fields,
  object: StoredObject,
): Promise<void> {
  const { bytes, state } = await probe.watch(MAX_READ_BYTES, task.betweenBytesTimeoutMs);
  // What stands there now is not this body's.
  if (state === 'gone') return;
  if (state === 'broken') return markBroken(cache, task, object);
  if (state === 'ended' && (await looksWhole(bytes, headers))) return;
  if (state === 'long' && endsWhole(bytes, headers)) return;
  evict(cache, task, object.vary);
}

/** Takes a body that does not get whole out of the cache, and says so to those who still read from it. */
function markBroken(cache: CoreCachePort, task: CacheTask, object: StoredObject): void {
  cache.insert(task.cacheKey, task.encoding, brokenStreamOptions(task, object)).close();
}
