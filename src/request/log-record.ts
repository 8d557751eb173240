import type { ErrorCode } from '../errors.ts';
import type { CacheState } from '../http/cache-status.ts';
import type { Lane } from '../lanes/lane.ts';

/**
 * One line of the log, version 1: documented in docs/reference/logs.md. Never a token, a claim value, a query or a cookie.
 * Durations in milliseconds, ages and times to live in seconds.
 */
export interface LogRecord {
  readonly v: 1;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly requestId: string;
  readonly method: string;
  /** The route's name; 'default' where none matched, null where the request was refused before routing. */
  readonly route: string | null;
  readonly lane: Lane | 'operator';
  readonly state: CacheState;
  readonly reason: string;
  /** The freshness reason, or what else happened on the way: `leak-guard` is an alarm. */
  readonly detail: string;
  readonly status: number;
  readonly code: ErrorCode | null;
  /** What failed, for the operator: an exception's name and message, shortened. Never sent to a client. */
  readonly cause: string | null;
  readonly ttlSeconds: number | null;
  readonly ageSeconds: number | null;
  readonly originMs: number | null;
  readonly verifyMs: number | null;
  readonly vcpuMs: number | null;
  readonly totalMs: number;
  readonly provider: string | null;
  readonly algorithm: string | null;
  /** Keyed digest of whose page it is; null without a key in the Secret Store. */
  readonly fingerprint: string | null;
  readonly engine: 'readthrough' | 'core' | 'none';
  /** This is no Fastly: the wasm contains the local readthrough cache. */
  readonly localCache: boolean;
  /** How many surrogate keys this request purged. */
  readonly purged: number;
  /** What the origin did that the edge had to overrule. */
  readonly notes: readonly string[];
  /**
   * Request fields in the answer's `Vary` that the origin was asked without: whoever sends one gets past the cache, until it is in the
   * route's `vary` or `ignoreVary`. Ten at most.
   */
  readonly unkeyedVary: readonly string[];
  /** Names of the cookies that were taken out of a response: to store it, or because they answered a withheld one; ten at most. */
  readonly strippedCookies: readonly string[];
  /** CMS cookies that did not validate, and were removed: many of them are an attack. */
  readonly refusedCookies: number;
  /** What would have been done, where a switch says `observe`; else null. */
  readonly observed: Observed | null;
  /** `shield`: a second pass, under the request id of the first. Count requests of clients by `edge` alone. */
  readonly tier: 'edge' | 'shield';
  /** What the shield said of its own cache, or `unreachable`, `refused`; null where it was not asked. */
  readonly shield: string | null;
}

/** The decision that `observe` held back, and what it would have made of the origin's answer. */
export interface Observed {
  readonly lane: Lane;
  readonly reason: string;
  /** Why it would have been refused. */
  readonly code: ErrorCode | null;
  /** Keyed digest of the cache key; null without a key in the Secret Store. */
  readonly key: string | null;
  readonly surrogateKeys: number;
  /** Would have been stored for so long; null: not at all, and `detail` says why. */
  readonly ttlSeconds: number | null;
  readonly detail: string;
}

/** What one step knows of a line. */
export type LogFields = Partial<LogRecord>;

/** A line of which no step has told anything. */
export function untoldRecord({
  time,
  requestId,
  method,
  status,
  vcpuMs,
  totalMs,
  localCache,
}: Pick<
  LogRecord,
  'time' | 'requestId' | 'method' | 'status' | 'vcpuMs' | 'totalMs' | 'localCache'
>): LogRecord {
  return {
    v: 1,
    time,
    requestId,
    method,
    route: null,
    lane: 'reject',
    state: 'ERROR',
    reason: 'error',
    detail: '',
    status,
    code: null,
    cause: null,
    ttlSeconds: null,
    ageSeconds: null,
    originMs: null,
    verifyMs: null,
    vcpuMs,
    totalMs,
    provider: null,
    algorithm: null,
    fingerprint: null,
    engine: 'none',
    localCache,
    purged: 0,
    notes: [],
    unkeyedVary: [],
    strippedCookies: [],
    refusedCookies: 0,
    observed: null,
    tier: 'edge',
    shield: null,
  };
}
