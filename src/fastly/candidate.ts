import type { EditableFields } from '../http/fields.ts';
import { holdsOne } from '../http/holds-one.ts';
import type { HttpCacheCandidate, StorageVerdict } from '../platform/http-cache-port.ts';

/** A response on its way into the cache, with what the runtime has and its types have not. */
export interface CandidateResponse {
  readonly status: number;
  readonly headers: EditableFields & Iterable<readonly [string, string]>;
  ttl: number;
  swr: number;
  staleIfError: number;
  surrogateKeys: string[];
  vary: string[];
  staleIfErrorAvailable(): boolean;
}

interface CacheOptions {
  readonly cache: boolean | 'uncacheable';
  readonly bodyTransformFn?: (body: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
}

/** A candidate as the engine sees it: its headers by name only. */
export function candidateOf(response: CandidateResponse): HttpCacheCandidate {
  return {
    status: response.status,
    headers: byName(response.headers),
    holdsOne: (values) => holdsOne(response.headers, values),
    staleIfErrorAvailable: () => response.staleIfErrorAvailable(),
  };
}

/** Tells the platform what to do with a candidate. Headers come first: a lifetime is counted from the age that they state. */
export function applyVerdict(response: CandidateResponse, verdict: StorageVerdict): CacheOptions {
  switch (verdict.kind) {
    case 'store':
      response.ttl = verdict.ttlSeconds;
      response.swr = verdict.staleWhileRevalidateSeconds;
      response.staleIfError = verdict.staleIfErrorSeconds;
      response.surrogateKeys = [...verdict.surrogateKeys];
      response.vary = [...verdict.vary];
      return verdict.check === null
        ? { cache: true }
        : { cache: true, bodyTransformFn: unchanged(verdict.check) };
    case 'marker':
      // Without them it would stand for as long as the origin's own words say.
      response.ttl = verdict.ttlSeconds;
      response.vary = [...verdict.vary];
      return { cache: 'uncacheable' };
    case 'abandon':
      return { cache: false };
  }
}

/** The runtime gives a body as a buffer, whatever its types say, and takes an array of bytes. */
function unchanged(check: (body: Uint8Array) => void) {
  return (body: ArrayBuffer | Uint8Array<ArrayBuffer>) => {
    const bytes = new Uint8Array(body);
    check(bytes);
    return bytes;
  };
}

/** Listed once, a candidate's `Headers` are a copy of what the host has, and what is changed in a copy is not stored. */
function byName(headers: EditableFields): EditableFields {
  return {
    get: (name) => headers.get(name),
    has: (name) => headers.has(name),
    getSetCookie: () => headers.getSetCookie(),
    set: (name, value) => headers.set(name, value),
    append: (name, value) => headers.append(name, value),
    delete: (name) => headers.delete(name),
  };
}
