import type { CoreCachePort, CoreInsert } from '../../platform/core-cache-port.ts';
import type { CacheTask } from '../cache-engine.ts';
import type { FreshnessDecision } from '../freshness/freshness-decision.ts';
import { hitForMissMarker, type StoredObject } from './stored-object.ts';

/** An object with a validator is kept this long past its freshness, so that a 304 can refresh it. */
const KEEP_FOR_REVALIDATION_MS = 3_600_000;

/** How long those who still read a body are told that its origin broke off. */
const BROKEN_STREAM_MARKER_MS = 60_000;

/** How the platform is to keep an object. */
export function objectOptions(
  object: StoredObject,
  { ttlSeconds, initialAgeSeconds }: FreshnessDecision,
): CoreInsert {
  const hasValidator = object.headers.names.some((name) => name === 'etag' || name === 'last-modified');
  return {
    // The platform counts freshness from when the response was made: its age on arrival is part of the maximum.
    maxAgeMs: (ttlSeconds + initialAgeSeconds) * 1000,
    initialAgeMs: initialAgeSeconds * 1000,
    staleWhileRevalidateMs: Math.max(
      object.staleWhileRevalidateMs,
      object.staleIfErrorMs,
      hasValidator ? KEEP_FOR_REVALIDATION_MS : 0,
    ),
    surrogateKeys: object.surrogateKeys,
    vary: object.vary,
    metadata: JSON.stringify(object),
    lengthBytes: object.lengthBytes,
  };
}

/**
 * How it is to keep the word that the last response could not be stored. `vary` is that of the object whose place the marker
 * takes: with another one it would stand beside it.
 */
export function markerOptions(
  task: CacheTask,
  maxAgeMs: number,
  vary: readonly string[] = [],
  unkeyedVary: readonly string[] = [],
): CoreInsert {
  return {
    maxAgeMs,
    initialAgeMs: 0,
    staleWhileRevalidateMs: 0,
    surrogateKeys: task.surrogateKeys,
    vary,
    metadata: JSON.stringify(hitForMissMarker(task.fingerprint, task.surrogateKeys, unkeyedVary)),
    lengthBytes: 0,
  };
}

/** In the place of a body that its origin broke off. Slow readers of it find this for a while; it holds no request up. */
export function brokenStreamOptions(task: CacheTask, { vary, stream = '' }: StoredObject): CoreInsert {
  const marker = hitForMissMarker(task.fingerprint, task.surrogateKeys, []);
  return {
    ...markerOptions(task, 1, vary),
    staleWhileRevalidateMs: BROKEN_STREAM_MARKER_MS,
    metadata: JSON.stringify({ ...marker, brokenStream: stream }),
  };
}

/** Takes an object that must not be served out of the cache, by putting a marker in its place. */
export function evict(cache: CoreCachePort, task: CacheTask, vary: readonly string[]): void {
  cache.insert(task.cacheKey, task.encoding, markerOptions(task, 1, vary)).close();
}
