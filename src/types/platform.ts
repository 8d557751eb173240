/** The ports: what the service needs of the world. */

import type { EditableFields, Fields, NamedFields, ReadonlyFields } from '../http/fields.ts';
import type { RateRule } from '../policy/rate-limits.ts';
import type { Encoding, OriginRequest } from './cache-engine.ts';

/** What the service needs of the world. `platform/` implements it on `fastly:*`; tests on Node. */
export interface Platform {
  nowMs(): number;
  /** Straight to the origin, around every cache. Rejects when the origin cannot be reached or times out. */
  fetchOrigin(request: OriginRequest): Promise<Response>;
  /** The one place where an answer becomes a `Response`. A `Content-Length` is that of the body, or of what HEAD asks for. */
  respond(
    status: number,
    headers: ReadonlyFields,
    body: Uint8Array | ReadableStream<Uint8Array> | null,
  ): Response;
  /**
   * Cuts the connections to clients whose bodies have failed on their way: this runtime leaves them open, and neither ends nor breaks
   * them, for as long as the sandbox lives. So it lives no longer than the request at hand.
   */
  cutOff(): void;
  readonly coreCache: CoreCachePort | null;
  readonly httpCache: HttpCachePort | null;
  /** false: the HTTP cache is known not to be there. */
  hasHttpCache(): boolean;
  /** The HTTP cache is the local readthrough cache, for development. */
  hasLocalCache(): boolean;
  /** null where the store or the item is missing. Rejects when a store is down. */
  secret(store: string, item: string): Promise<string | null>;
  /** Opens a Config Store for one request; null for an item that is missing, or where the store is. A look-up that fails throws. */
  config(store: string): (item: string) => string | null;
  /** An item of a KV Store, or null. Rejects when the store is down or not linked. */
  readKv(store: string, key: string): Promise<string | null>;
  writeKv(store: string, key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Counts what clients do, under a rule's names. Never throws: where there is no limiter, nothing is limited. */
  limiter(rule: RateRule): ClientLimiter;
  /** ISO 3166-1 alpha-2 of an address, or null. */
  country(address: string): string | null;
  device(userAgent: string): 'desktop' | 'mobile' | 'tablet' | null;
  /** The backend that leads to a shield location; null on that location itself, or where there is none of that name. */
  shieldSite(site: string): string | null;
  /** The `Host` that the platform puts in the place of ours on requests to a backend; null: it leaves ours. */
  hostOverride(backend: string): string | null;
  /** What the platform's own health check says of a backend; asks nobody. */
  backendHealth(name: string): BackendHealth;
  purge(surrogateKey: string, soft: boolean): void;
  log(endpoint: string, line: string): void;
}

/** `unknown`: no health check is configured. `missing`: no such backend is. */
export type BackendHealth = 'healthy' | 'unhealthy' | 'unknown' | 'missing';

export interface ClientLimiter {
  /** This client is in the penalty box. */
  isBlocked(client: string): boolean;
  /** One more; true: that was one too many. */
  count(client: string): boolean;
}

/** What belongs to one request. */
export interface RequestContext {
  readonly request: Request;
  readonly requestId: string;
  readonly clientAddress: string | null;
  /** Keeps the sandbox alive until `work` has settled. */
  waitUntil(work: Promise<unknown>): void;
  /** vCPU milliseconds used so far, or null where the platform does not tell. */
  vcpuMs(): number | null;
}

/** The part of CoreCache that the core engine uses. Durations in milliseconds, as on the platform. `encoding` selects a variant. */
export interface CoreCachePort {
  /** Collapses concurrent lookups of a key. null: `timeoutMs` passed while another was filling it. */
  transaction(key: string, encoding: Encoding, timeoutMs: number): Promise<CoreTransaction | null>;
  /** Non-transactional lookup. */
  lookup(key: string, encoding?: Encoding): CoreEntry | null;
  /** Non-transactional write; replaces whatever is there. */
  insert(key: string, encoding: Encoding | null, options: CoreInsert): CoreWriter;
}

export interface CoreEntry {
  readonly found: boolean;
  readonly usable: boolean;
  readonly stale: boolean;
  metadata(): string;
  /** Both ends of a range are inclusive. */
  body(range?: { readonly start: number; readonly end: number }): ReadableStream<Uint8Array>;
  /** null: still being written, without an announced length. */
  readonly lengthBytes: number | null;
  readonly ageMs: number;
  readonly maxAgeMs: number;
  close(): void;
}

export interface CoreTransaction extends CoreEntry {
  /** This caller has to insert, update or cancel. */
  readonly mustInsertOrUpdate: boolean;
  insert(options: CoreInsert): CoreWriter;
  /** Stores and reads back what is being stored, at the same time. */
  insertAndStreamBack(options: CoreInsert): { writer: CoreWriter; entry: CoreEntry };
  update(options: CoreInsert): void;
  cancel(): void;
}

export interface CoreInsert {
  readonly maxAgeMs: number;
  readonly initialAgeMs: number;
  readonly staleWhileRevalidateMs: number;
  readonly surrogateKeys: readonly string[];
  readonly vary: readonly string[];
  readonly metadata: string;
  /** Body length in bytes where known: a body that ends short of it is not a complete object. */
  readonly lengthBytes: number | null;
}

export interface CoreWriter {
  write(chunk: Uint8Array): void;
  /** A body of the platform's that nobody has read from: the host writes it as it comes, and this returns at once. */
  append(body: ReadableStream<Uint8Array>): void;
  /** The object is whole. */
  close(): void;
  /** The object is not whole, and must not be kept. */
  abandon(): void;
}

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
