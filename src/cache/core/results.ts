import { HeaderFields } from '../../http/header-fields.ts';
import { originFailure } from '../../origin/origin-failure.ts';
import type { Fields } from '../../types/fields.ts';
import type { CoreCachePort, CoreEntry } from '../../types/platform.ts';
import type { BodySource, CacheResult, CacheTask, OriginRequest } from '../../types/readthrough.ts';
import { storedSource, streamSource } from '../body-source.ts';
import { announcedLength } from '../store-body.ts';
import type { StoredObject } from './stored-object.ts';
import { unfinishedSource } from './unfinished-body.ts';

/** An answer of the origin that is handed on without being stored. */
export function notStored(
  task: CacheTask,
  response: Response,
  headers: Fields,
  facts: Pick<CacheResult, 'detail' | 'originMs' | 'ageSeconds'>,
): CacheResult {
  const { body } = response;
  return {
    state: 'MISS',
    status: response.status,
    headers,
    body: body === null ? null : streamSource(body, announcedLength(response.headers), task),
    ttlSeconds: 0,
    stored: false,
    ...facts,
  };
}

/**
 * An answer from the cache. Its body is opened when it is asked for (`lazy`); at once, where the entry is about to be
 * replaced (`open`); or not at all, where nobody wants it (`none`): an entry gives it out once only.
 */
export function fromStore(
  cache: CoreCachePort,
  task: CacheTask,
  entry: CoreEntry,
  stored: StoredObject,
  facts: Pick<CacheResult, 'state' | 'detail' | 'originMs'> & { readonly body: BodyUse },
): CacheResult {
  const { body, ...rest } = facts;
  return {
    status: stored.status,
    headers: new HeaderFields(stored.headers),
    body:
      stored.lengthBytes === 0 || body === 'none'
        ? null
        : bodyOf(cache, task, entry, stored, body === 'open'),
    ageSeconds: Math.floor(entry.ageMs / 1000),
    ttlSeconds: Math.max(0, Math.floor((entry.maxAgeMs - entry.ageMs) / 1000)),
    stored: false,
    ...(stored.unkeyedVary === undefined ? {} : { unkeyedVary: stored.unkeyedVary }),
    ...rest,
  };
}

/** What stands for an answer that is not the right one for a client, where that is known before anybody is asked. */
export function notForThisClient(unkeyedVary: readonly string[]): CacheResult {
  return {
    state: 'BYPASS',
    status: 0,
    headers: new HeaderFields(),
    body: null,
    ageSeconds: 0,
    ttlSeconds: 0,
    stored: false,
    detail: 'vary-unkeyed',
    originMs: null,
    unkeyedVary,
  };
}

function bodyOf(
  cache: CoreCachePort,
  task: CacheTask,
  entry: CoreEntry,
  stored: StoredObject,
  open: boolean,
): BodySource {
  const lengthBytes = stored.lengthBytes ?? entry.lengthBytes;
  if (lengthBytes === null) {
    const again = () => cache.lookup(task.cacheKey, task.encoding);
    return unfinishedSource(entry, again, task.cutOff, false);
  }
  return open ? streamSource(entry.body(), lengthBytes, task) : storedSource(entry, lengthBytes, task);
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

/** Around the cache: what is there is neither used nor replaced. */
export async function fetchAlone(
  task: CacheTask,
  detail: string,
  fetchOrigin: (request: OriginRequest) => Promise<Response>,
  nowMs: () => number,
): Promise<CacheResult> {
  const startedMs = nowMs();
  const response = await fetchOrigin(task.request()).catch((error: unknown) => {
    throw originFailure(error);
  });
  const headers = new HeaderFields(response.headers);
  const { initialAgeSeconds } = task.decide(response.status, headers, startedMs);
  const facts = { detail, originMs: nowMs() - startedMs, ageSeconds: initialAgeSeconds };
  return { ...notStored(task, response, headers, facts), state: 'BYPASS' };
}
