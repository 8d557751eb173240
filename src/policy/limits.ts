import * as v from 'valibot';
import { count, millisecondsUpTo, object, whole } from './settings.ts';

/** Limits on what a request may bring and how long an origin may take. */
export interface LimitsInput {
  /** Longest path and query, in bytes; more is a 414. Default 4096, at most 7000: above 8 KiB the runtime answers 500, without a log line. */
  readonly urlBytes?: number;
  /** Longest token, in bytes. Default 8192. */
  readonly tokenBytes?: number;
  /**
   * Bodies up to this size are sent whole where their length is announced or they come at once; others are streamed. Default 65536. A larger body of
   * announced length starts after up to 1 s of storing, or 200 ms without data; then it goes to all clients that request it. One without an
   * announced length starts after 50 ms without data, and is sent whole if it has ended by then; its content is checked: up to 1 MiB all of it,
   * beyond that its end.
   */
  readonly bufferBytes?: number;
  /**
   * How long a request waits for another's fetch of the same key before it fetches for itself. On the engine `readthrough` that wait ends with
   * the fetch (docs/proof/conformance.md#where-the-engines-differ). Within `stale-if-error` it gets the stale copy instead. Default 10000.
   */
  readonly collapseTimeoutMs?: number;
  /** All request header fields together, names and values, in bytes; more is a 431. Default 32768. */
  readonly headerBytes?: number;
  /** The `Cookie` field, in bytes; more is a 431. Default 16384. */
  readonly cookieBytes?: number;
  /** Cookies of one request, in all its `Cookie` fields; more is a 431. Browsers keep 180 for a site at most. Default 200. */
  readonly cookiePairs?: number;
  /**
   * How long an origin may take to its response headers; then 504, or stale where allowed. The timeout to connect belongs to the backend
   * (docs/how-to/origins.md). Default 15000.
   */
  readonly firstByteTimeoutMs?: number;
  /**
   * The longest silence within an origin's body that is stored, or small enough to be sent whole; and within a client's, while
   * it is waited for (408): the beginning of one that no header announces, a GraphQL query. Default 10000.
   */
  readonly betweenBytesTimeoutMs?: number;
  /**
   * How long a client may take to send a body that is waited for, from the first wait to its end; more is a 408: a GraphQL query,
   * a body that is part of the key, a body at `/.edge/`, one that an own handler reads with `request.text()` or the like. A body that is streamed to its origin is not
   * waited for. Default 20000.
   */
  readonly bodyTimeoutMs?: number;
  /** Further attempts of a GET, HEAD or QUERY that did not reach its origin. Default 1, at most 3. */
  readonly retries?: number;
  /**
   * How many entries a page may have by its variants and the parts of its scope before `claimcache check` warns. Any country counts as 250;
   * claims, `vary`, query and encodings do not count. Default 100.
   */
  readonly variantsPerPage?: number;
  /** How many requests a sandbox serves, one after the other. Default 1000; 1: each has one of its own, and nothing is remembered. */
  readonly sandboxRequests?: number;
  /** How long a sandbox waits for its next request, in ms. Its memory may be billed meanwhile. Default 1000. docs/how-to/production.md#one-sandbox-many-requests */
  readonly sandboxIdleMs?: number;
}

/** All of them, each as it is written or by default. */
export type Limits = { readonly [Name in keyof LimitsInput]-?: number };

export const FIRST_BYTE_TIMEOUT_MS = 15_000;

export const limits = object({
  urlBytes: v.optional(count(7000)),
  tokenBytes: v.optional(count(65_536)),
  bufferBytes: v.optional(count(1_048_576)),
  collapseTimeoutMs: v.optional(millisecondsUpTo(60_000)),
  headerBytes: v.optional(count(65_536)),
  cookieBytes: v.optional(count(65_536)),
  cookiePairs: v.optional(count(1000)),
  firstByteTimeoutMs: v.optional(millisecondsUpTo(600_000)),
  betweenBytesTimeoutMs: v.optional(millisecondsUpTo(600_000)),
  bodyTimeoutMs: v.optional(millisecondsUpTo(600_000)),
  retries: v.optional(whole(0, 3, '')),
  variantsPerPage: v.optional(count(1_000_000)),
  sandboxRequests: v.optional(count(100_000)),
  sandboxIdleMs: v.optional(millisecondsUpTo(60_000)),
});

export function compileLimits(input: LimitsInput = {}): Limits {
  return {
    urlBytes: input.urlBytes ?? 4096,
    tokenBytes: input.tokenBytes ?? 8192,
    bufferBytes: input.bufferBytes ?? 65_536,
    collapseTimeoutMs: input.collapseTimeoutMs ?? 10_000,
    headerBytes: input.headerBytes ?? 32_768,
    cookieBytes: input.cookieBytes ?? 16_384,
    cookiePairs: input.cookiePairs ?? 200,
    firstByteTimeoutMs: input.firstByteTimeoutMs ?? FIRST_BYTE_TIMEOUT_MS,
    betweenBytesTimeoutMs: input.betweenBytesTimeoutMs ?? 10_000,
    bodyTimeoutMs: input.bodyTimeoutMs ?? 20_000,
    retries: input.retries ?? 1,
    variantsPerPage: input.variantsPerPage ?? 100,
    sandboxRequests: input.sandboxRequests ?? 1000,
    sandboxIdleMs: input.sandboxIdleMs ?? 1000,
  };
}
