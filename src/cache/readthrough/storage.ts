import type { EditableFields } from '../../http/fields.ts';
import { allKeys } from '../../keys/surrogate-key.ts';
import type { StorageVerdict } from '../../platform/http-cache-port.ts';
import type { CacheTask } from '../cache-engine.ts';
import type { FreshnessDecision } from '../freshness/freshness-decision.ts';

/** Stored with the response, removed before it leaves: whose page it is. */
export const FINGERPRINT_HEADER = 'x-claimcache-fingerprint';
/** Stored beside it: the surrogate key by which this one object can be taken out of the cache. */
export const OBJECT_HEADER = 'x-claimcache-object';

/** Likewise, and only where there are any: the fields of its `Vary` that the origin could not see. */
export const UNKEYED_VARY_HEADER = 'x-claimcache-unkeyed-vary';

/** After a response that could not be stored, requests for its key do not wait for each other for so long. */
const HIT_FOR_MISS_SECONDS = 10;
/** After a failing origin. */
const FAILURE_MARKER_SECONDS = 1;
/** The one field that reaches an origin without being part of the key. Objects and markers of a key have to agree on it. */
const VARY: readonly [string] = ['accept-encoding'];

/** Beside what our headers tell of an object, they are nobody else's to set. */
export function removeOurs(headers: EditableFields): void {
  headers.delete(FINGERPRINT_HEADER);
  headers.delete(OBJECT_HEADER);
  headers.delete(UNKEYED_VARY_HEADER);
}

/** The surrogate key of an object that is about to be made. */
export function newObjectKey(): string {
  return `claimcache-object:${crypto.randomUUID()}`;
}

/** Stores a response under our keys beside the origin's: an override's own `surrogateKey` would replace them. */
export function stored(
  { fingerprint, surrogateKeys }: Pick<CacheTask, 'fingerprint' | 'surrogateKeys'>,
  decision: FreshnessDecision,
  headers: EditableFields,
  objectKey: string,
  check: ((body: Uint8Array) => void) | null,
): StorageVerdict {
  headers.set(FINGERPRINT_HEADER, fingerprint);
  headers.set(OBJECT_HEADER, objectKey);
  if (decision.unkeyedVary.length > 0) headers.set(UNKEYED_VARY_HEADER, decision.unkeyedVary.join(','));
  // The platform takes an object's age on arrival from here, and knows nothing of Date and of the time on the way.
  if (decision.initialAgeSeconds > 0) headers.set('age', String(decision.initialAgeSeconds));
  const { staleWhileRevalidateSeconds } = decision;
  return {
    kind: 'store',
    check,
    ttlSeconds: decision.ttlSeconds,
    staleWhileRevalidateSeconds,
    // What may be shown while it is renewed may be shown where that fails.
    staleIfErrorSeconds: Math.max(decision.staleIfErrorSeconds, staleWhileRevalidateSeconds),
    surrogateKeys: allKeys([...surrogateKeys, objectKey], decision.originSurrogateKeys),
    vary: VARY,
  };
}

/** No purge reaches a marker: the platform keeps no surrogate keys with it. So it is short. */
export function marker(status: number): StorageVerdict {
  const ttlSeconds = status >= 500 ? FAILURE_MARKER_SECONDS : HIT_FOR_MISS_SECONDS;
  return { kind: 'marker', ttlSeconds, vary: VARY };
}
