/** One request through a cache to its origin, whichever engine does it. */
import type { CacheDecision, PassDecision } from './decision.ts';
import type { EditableFields, Fields } from './fields.ts';
import type { FreshnessDecision } from './freshness.ts';
import type { Shield } from './policy.ts';

export type CacheState = 'HIT' | 'MISS' | 'STALE' | 'BYPASS' | 'ERROR';

/** One request through the edge cache. */
export interface CacheTask {
  readonly cacheKey: string;
  /** Compared with the stored one on every hit. */
  readonly fingerprint: string;
  readonly surrogateKeys: readonly string[];
  /** Every key that the response may turn out to carry: a purge of one while it is on its way keeps it out. */
  readonly sentinelKeys: readonly string[];
  /**
   * The request for the origin, with allow-listed headers only: a GET, or the POST of a GraphQL query. A function, because a HIT
   * does not need it.
   */
  readonly request: () => OriginRequest;
  /** What selects a variant, in the request and in the look-up. */
  readonly encoding: Encoding;
  /** Whether the client sent a field (lower case): compared with what a stored response varies on and the edge withheld. */
  readonly sends: (field: string) => boolean;
  /** Applies the freshness room to an origin response, and takes from its headers what must not be stored. It never lists them. */
  readonly decide: (status: number, headers: EditableFields, requestedAtMs: number) => FreshnessDecision;
  /** Looks into the body before it is stored; null: headers are enough. */
  readonly inspection: BodyInspection | null;
  readonly bufferBytes: number;
  readonly betweenBytesTimeoutMs: number;
  readonly collapseTimeoutMs: number;
  /** Keeps the sandbox alive for work that outlives the response. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** A body that goes out must not seem to end: the connection to its client is to be cut. */
  readonly cutOff: () => void;
  /** A refresh after a stale answer has failed: nobody is there to hear of it but the log. */
  readonly onRefreshFailure: (error: unknown) => void;
}

/** A response whose body decides too. Only an engine that has the whole body in hand may store it. */
export interface BodyInspection {
  readonly limitBytes: number;
  /** The final decision. `bytes` null: the body is longer than the limit. */
  judge(
    status: number,
    headers: Fields,
    requestedAtMs: number,
    bytes: Uint8Array | null,
  ): Promise<FreshnessDecision>;
}

export interface CacheResult {
  readonly state: CacheState;
  readonly status: number;
  readonly headers: Fields;
  /** null: the response has no body. */
  readonly body: BodySource | null;
  readonly ageSeconds: number;
  /** Freshness left, in seconds; 0 where stale or not stored. */
  readonly ttlSeconds: number;
  readonly stored: boolean;
  /** The freshness reason, or `leak-guard`, `collapse-timeout`, `revalidated`, `streaming`. */
  readonly detail: string;
  readonly originMs: number | null;
  /** Fields of the stored response's `Vary` that the edge withheld: it is right for clients that send none of them. */
  readonly unkeyedVary?: readonly string[];
}

/** A response body that has not been read yet. One of its functions is called, once. */
export interface BodySource {
  /** null: not known before the end. */
  readonly lengthBytes: number | null;
  /** The whole: in memory where it is small. */
  open(): Promise<Uint8Array | ReadableStream<Uint8Array>>;
  /** Bytes from `start` up to, without, `end`; null where only the whole can be had. */
  readonly slice: ((start: number, end: number) => Promise<Uint8Array | ReadableStream<Uint8Array>>) | null;
  discard(): void;
}

/** `inspected`: the body has to be seen before it is stored, or the request is a POST. */
export type CacheWork = 'plain' | 'inspected';

/** The one interface of both engines. */
export interface Readthrough {
  readonly engine: 'native' | 'core';
  fetch(task: CacheTask): Promise<CacheResult>;
}

export interface OriginRequest {
  readonly backend: string;
  readonly method: string;
  /** Absolute URL: what the origin sees. */
  readonly url: string;
  readonly headers: Fields;
  /** Bytes can be sent more than once. */
  readonly body: ReadableStream<Uint8Array> | Uint8Array | null;
  /** How long the origin may take to its response headers, where that is not the same for all. */
  readonly firstByteTimeoutMs?: number;
  /** To be asked through a shield. */
  readonly relay?: Relay;
}

/** What a second pass has to know of a request beside the request itself. Claim values are in it: it never leaves the service unsealed. */
export interface Relay {
  readonly shield: Shield;
  /** Names in the policy. */
  readonly origin: string;
  readonly route: string;
  readonly requestId: string;
  readonly plan: RelayedCache | RelayedPass;
  /** What became of it, a word for the log: the state of the shield's cache, `unreachable`, `refused`, `no-key`, `too-long`. */
  readonly onShieldResult: (word: string) => void;
}

export interface RelayedCache extends Omit<CacheDecision, 'route'> {
  readonly tokenExpiresAtSeconds: number | null;
}

export interface RelayedPass extends Pick<PassDecision, 'lane' | 'reason'> {
  readonly purgeAfterWrite: readonly string[];
}

/** What reaches an origin in the place of a client's `Accept-Encoding`, best first, and selects a variant. */
export type Encoding = 'br, gzip' | 'br' | 'gzip' | 'zstd' | 'identity';
