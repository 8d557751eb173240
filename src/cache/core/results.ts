import { HeaderFields } from '../../http/header-fields.ts';
import type { CoreCachePort, CoreEntry } from '../../platform/core-cache-port.ts';
import { storedSource, streamSource } from '../body-source.ts';
import type { BodySource, CacheResult, CacheTask } from '../cache-engine.ts';
import type { StoredObject } from './stored-object.ts';
import { unfinishedSource } from './unfinished-body.ts';

/**
 * An answer from the cache. Its body is opened when it is asked for (`lazy`); at once, where the entry is about to be
 * replaced (`open`); or not at all, where nobody wants it (`none`): an entry gives it out once only.
 */
export function fromStore(
  { cache, cutOff }: CoreTools,
  task: CacheTask,
  entry: CoreEntry,
  stored: StoredObject,
  facts: Pick<CacheResult, 'state' | 'detail' | 'originMs'> & { readonly body: BodyUse },
): CacheResult {
  const { ageMs } = entry;
  const { unkeyedVary } = stored;
  const result: CacheResult = {
    status: stored.status,
    headers: HeaderFields.of(stored.headers),
    body:
      stored.lengthBytes === 0 || facts.body === 'none'
        ? null
        : bodyOf({ cache, cutOff }, task, entry, stored, facts.body === 'open'),
    ageSeconds: Math.floor(ageMs / 1000),
    ttlSeconds: Math.max(0, Math.floor((entry.maxAgeMs - ageMs) / 1000)),
    stored: false,
    state: facts.state,
    detail: facts.detail,
    originMs: facts.originMs,
  };
  return unkeyedVary === undefined ? result : { ...result, unkeyedVary };
}

function bodyOf(
  { cache, cutOff }: CoreTools,
  task: CacheTask,
  entry: CoreEntry,
  stored: StoredObject,
  open: boolean,
): BodySource {
  const lengthBytes = stored.lengthBytes ?? entry.lengthBytes;
  if (lengthBytes === null) {
    const again = () => cache.lookup(task.cacheKey, task.encoding);
    return unfinishedSource(entry, again, cutOff, false);
  }
  return open ? streamSource(entry.body(), lengthBytes, task) : storedSource(entry, lengthBytes, task);
}

/** What the functions of the core engine work with. */
export interface CoreTools {
  readonly cache: CoreCachePort;
  /** A body that goes out must not seem to end: the connection to its client is to be cut. */
  readonly cutOff: () => void;
}

export type BodyUse = 'lazy' | 'open' | 'none';

/** For how long an object has been stale. What was soft-purged is stale from then on, whatever its age. */
export function staleForMs(entry: CoreEntry): number {
  return Math.max(0, entry.ageMs - entry.maxAgeMs);
}

/** Whether it is young enough to be served where the origin fails. */
export function mayServeOnError(entry: CoreEntry, stored: StoredObject): boolean {
  return staleForMs(entry) < Math.max(stored.staleIfErrorMs, stored.staleWhileRevalidateMs);
}
