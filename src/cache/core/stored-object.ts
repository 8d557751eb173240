import type { ReadonlyFields } from '../../http/fields.ts';
import { type FieldLists, HeaderFields } from '../../http/header-fields.ts';
import { allKeys } from '../../keys/surrogate-key.ts';
import type { CacheTask } from '../cache-engine.ts';
import type { FreshnessDecision } from '../freshness/freshness-decision.ts';

/** What the core engine keeps beside a body, as JSON in the entry's user metadata. */
export interface StoredObject {
  readonly v: 3;
  /** `pass`: the last response could not be stored; requests for this key go on without waiting for each other. */
  readonly kind: 'object' | 'pass';
  readonly status: number;
  readonly headers: FieldLists;
  readonly fingerprint: string;
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  readonly surrogateKeys: readonly string[];
  readonly vary: readonly string[];
  /** Where there are any: of the response's `Vary`, the fields that the origin could not see. */
  readonly unkeyedVary?: readonly string[];
  /** Of a body that was streamed without a length: tells it from the next one under the same key. */
  readonly stream?: string;
  /** Of a marker: the stream whose place it takes, which the origin broke off. */
  readonly brokenStream?: string;
  /** Body length in bytes, or null where it was streamed without one. */
  readonly lengthBytes: number | null;
}

const NO_FIELDS: FieldLists = { names: [], values: [] };

/** @returns null for anything that this release did not write. */
export function parseStored(metadata: string): StoredObject | null {
  try {
    const object: unknown = JSON.parse(metadata);
    return typeof object === 'object' && object !== null && 'v' in object && object.v === 3
      ? (object as StoredObject)
      : null;
  } catch {
    return null;
  }
}

export function storedObject(
  status: number,
  headers: ReadonlyFields,
  { fingerprint, surrogateKeys }: Pick<CacheTask, 'fingerprint' | 'surrogateKeys'>,
  decision: FreshnessDecision,
  lengthBytes: number | null,
): StoredObject {
  return {
    v: 3,
    kind: 'object',
    status,
    headers: (headers instanceof HeaderFields ? headers : new HeaderFields(headers)).lists(),
    fingerprint,
    staleWhileRevalidateMs: decision.staleWhileRevalidateSeconds * 1000,
    staleIfErrorMs: decision.staleIfErrorSeconds * 1000,
    surrogateKeys: allKeys(surrogateKeys, decision.originSurrogateKeys),
    vary: decision.vary,
    ...unkeyed(decision.unkeyedVary),
    ...(lengthBytes === null ? { stream: crypto.randomUUID() } : {}),
    lengthBytes,
  };
}

/** Stands in for a response that was not stored, so that the next requests do not queue up behind each other. */
export function hitForMissMarker(
  fingerprint: string,
  surrogateKeys: readonly string[],
  unkeyedVary: readonly string[],
): StoredObject {
  return {
    v: 3,
    kind: 'pass',
    status: 0,
    headers: NO_FIELDS,
    fingerprint,
    staleWhileRevalidateMs: 0,
    staleIfErrorMs: 0,
    surrogateKeys,
    vary: [],
    ...unkeyed(unkeyedVary),
    lengthBytes: 0,
  };
}

/** Left out where there are none, as nearly always: a HIT has to parse it. */
function unkeyed(fields: readonly string[]): Pick<StoredObject, 'unkeyedVary'> {
  return fields.length === 0 ? {} : { unkeyedVary: fields };
}
