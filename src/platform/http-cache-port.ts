import type { EditableFields, Fields, NamedFields } from '../http/fields.ts';
import type { OriginRequest } from './origin-request.ts';

/** Fastly's readthrough cache behind `fetch`. */
export interface HttpCachePort {
  fetch(request: OriginRequest, cacheKey: string, hooks: HttpCacheHooks): Promise<HttpCacheResponse>;
}

export interface HttpCacheHooks {
  /** Runs before a fetch that reaches the origin. What it returns is set on the request. */
  beforeSend(request: NamedFields): undefined | Promise<readonly (readonly [string, string])[]>;
  /**
   * Runs on what the origin answered, before it is stored. Header edits are stored. Never asynchronous: where it throws, the
   * platform serves a stale copy within `stale-if-error`; a promise that rejects there ends the sandbox.
   */
  afterSend(candidate: HttpCacheCandidate): StorageVerdict;
}

export interface HttpCacheCandidate {
  /** Of a 304 that renews what is stored: that of the stored response. */
  readonly status: number;
  readonly headers: EditableFields;
  /**
   * Whether a field that may be looked into holds one of these. It is asked last: once the fields are listed, a change of them is not
   * stored.
   */
  readonly holdsOne: (values: readonly string[]) => boolean;
  /** There is a stale copy, still good where the origin fails. */
  readonly staleIfErrorAvailable: () => boolean;
}

/** What the platform is to do with a response of the origin. */
export type StorageVerdict =
  | ({
      readonly kind: 'store';
      /**
       * Called with the whole body when the object is in the cache and nobody has got a byte of it. Where it throws nobody gets one, and the
       * fetch rejects. null: the body streams through.
       */
      readonly check: ((body: Uint8Array) => void) | null;
    } & HttpCacheLifetime)
  /** Not stored; for `ttlSeconds` requests for the key go to the origin without waiting for each other. */
  | { readonly kind: 'marker'; readonly ttlSeconds: number; readonly vary: readonly string[] }
  /** Not stored, and nothing remembered: of those that wait the next one asks the origin. */
  | { readonly kind: 'abandon' };

export interface HttpCacheLifetime {
  /** From now on. */
  readonly ttlSeconds: number;
  readonly staleWhileRevalidateSeconds: number;
  readonly staleIfErrorSeconds: number;
  readonly surrogateKeys: readonly string[];
  /** Never empty: Viceroy takes no empty rule. */
  readonly vary: readonly [string, ...string[]];
}

export interface HttpCacheResponse {
  readonly status: number;
  readonly headers: Fields;
  readonly body: ReadableStream<Uint8Array> | null;
  /** The cache had something for the request. It is true as well of what an origin answered in its place. */
  readonly cached: boolean;
  readonly stale: boolean;
  /** A stale copy that stands in for an origin that failed. */
  readonly masksError: boolean;
  readonly ageSeconds: number;
  /** What is left; of no meaning where stale. */
  readonly ttlSeconds: number;
}

/** Thrown by the platform's port where Fastly's HTTP cache cannot be had. No answer is made of it: another engine takes over. */
export class HttpCacheDisabled extends Error {
  override readonly name = 'HttpCacheDisabled';
}
