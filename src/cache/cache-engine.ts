/** One request through a cache to its origin, whichever engine does it. */

import type { Encoding } from '../http/accept-encoding.ts';
import type { CacheState } from '../http/cache-status.ts';
import type { Fields, NamedFields } from '../http/fields.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { FreshnessDecision } from './freshness/freshness-decision.ts';

/** One request through the edge cache: data alone. */
export interface CacheTask {
  readonly cacheKey: string;
  /** Compared with the stored one on every hit. */
  readonly fingerprint: string;
  readonly surrogateKeys: readonly string[];
  /** Every key that the response may turn out to carry: a purge of one while it is on its way keeps it out. */
  readonly sentinelKeys: readonly string[];
  /** What selects a variant, in the request and in the look-up. */
  readonly encoding: Encoding;
  /** Fields that the client sent: compared with what a stored response varies on and the edge withheld. */
  readonly sent: Pick<NamedFields, 'has'>;
  /** Fields of the origin request that are no part of the key: a response that holds one of their values is not stored. */
  readonly forwarded: readonly string[];
  /** Longest body that is looked into before it is stored; null: headers are enough. */
  readonly inspectBytes: number | null;
  readonly bufferBytes: number;
  readonly betweenBytesTimeoutMs: number;
  readonly collapseTimeoutMs: number;
}

/** What an engine asks whoever gives it a task. */
export interface TaskCalls {
  /**
   * The request for the origin, with allow-listed headers only: a GET, or a POST or QUERY that is cached by its body. It is made when an engine needs
   * it: the core engine does not on a HIT.
   */
  readonly originRequest: () => OriginRequest;
  readonly evaluate: EvaluateResponse;
}

/** A response of the origin, as far as its headers go. */
export interface ReceivedHead {
  readonly status: number;
  readonly headers: NamedFields;
  readonly requestedAtMs: number;
}

/**
 * Whether a response may be stored, and for how long. Only an engine that has the whole body in hand may store what is decided by its
 * body: there a first decision by the headers is followed by the final one. `body` null: it is longer than the task's limit.
 */
export interface EvaluateResponse {
  (response: ReceivedHead): FreshnessDecision;
  (response: ReceivedHead, body: Uint8Array | null): Promise<FreshnessDecision>;
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
  /** Work that outlives the answer, where there is any. It resolves with what failed in it, or with null, and never rejects. */
  readonly background?: Promise<unknown>;
}

/** A response body that has not been read yet. One of its functions is called, once. */
export interface BodySource {
  /** null: not known before the end. */
  readonly lengthBytes: number | null;
  /** The whole: in memory where it is small. */
  open(): Promise<Uint8Array | ReadableStream<Uint8Array>>;
  /** Bytes from `start` up to, without, `end`; null where only the whole is there. */
  readonly slice: ((start: number, end: number) => Promise<Uint8Array | ReadableStream<Uint8Array>>) | null;
  discard(): void;
}

/** `inspected`: the body has to be seen before it is stored, or the request has one. */
export type CacheWork = 'plain' | 'inspected';

/** The one interface of all engines. */
export interface CacheEngine {
  readonly engine: 'readthrough' | 'core';
  fetch(task: CacheTask, calls: TaskCalls): Promise<CacheResult>;
}
