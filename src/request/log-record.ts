import type { ErrorCode } from '../errors.ts';
import type { CacheState } from '../http/cache-status.ts';
import type { Lane } from '../lanes/lane.ts';

/**
 * One line of the log, version 1: docs/reference/logs.md is made of these comments. Never a token, a claim value, a query or a cookie value.
 * Durations in milliseconds, ages and times to live in seconds.
 */
export interface LogRecord {
  /** The version. Each line begins with `{"v":1,`. */
  readonly v: 1;
  /** When the request came: ISO 8601, UTC. */
  readonly time: string;
  /** Also in the body of an error response. */
  readonly requestId: string;
  /** The method of the request. */
  readonly method: string;
  /** The route's name; `default` where none matched; null where the request was refused before. */
  readonly route: string | null;
  /** The lane; `operator` under `/.edge/`. docs/concepts/lanes.md */
  readonly lane: Lane | 'operator';
  /** As in `X-Cache`. */
  readonly state: CacheState;
  /**
   * Why this lane: see [Reasons](#reasons). In addition: `operator`, `self-purge`, `purge-hook` under `/.edge/`; `https-redirect` and `own-handler`,
   * before the lanes; `background`, a second line with `status` 0 for work that went on after the response (`detail` `refresh-failed`), or for trouble
   * with keys (`detail` `keys`; `cause` names the provider).
   */
  readonly reason: string;
  /** What came of it: see [Details](#details). `leak-guard` is an alarm. */
  readonly detail: string;
  /** Of the response. */
  readonly status: number;
  /** A code of docs/reference/errors.md, or null. */
  readonly code: ErrorCode | null;
  /** What failed, for the operator: an exception's name and message, 200 characters at most; or null. Never sent to a client. */
  readonly cause: string | null;
  /** Freshness left; null where the cache was not asked. */
  readonly ttlSeconds: number | null;
  /** Age of the response; null where the cache was not asked. */
  readonly ageSeconds: number | null;
  /** Until the origin's response headers; null where the origin was not asked. */
  readonly originMs: number | null;
  /** Verification of the credential; null where there was none to verify. */
  readonly verifyMs: number | null;
  /** vCPU time of this request. */
  readonly vcpuMs: number | null;
  /** From the request to its response. */
  readonly totalMs: number;
  /** Provider of the verified token. */
  readonly provider: string | null;
  /** Algorithm of the verified token; `session` or `introspection` where an endpoint was asked. */
  readonly algorithm: string | null;
  /**
   * Whose request: an HMAC of the verified scope with the secret `fingerprint_key` of the Secret Store, on the scoped and the pass lane; null without
   * a scope or without that secret.
   */
  readonly fingerprint: string | null;
  /** The cache that was asked. */
  readonly engine: 'readthrough' | 'core' | 'none';
  /** `true`: not on Fastly, the wasm contains the local readthrough cache (docs/how-to/local-cache.md). */
  readonly localCache: boolean;
  /** How many surrogate keys this request purged. */
  readonly purged: number;
  /** What the origin did that was handled for it: see [Notes](#notes). */
  readonly notes: readonly string[];
  /**
   * Request fields in the response's `Vary` that the origin was asked without, ten at most: a request with one passes (`reason` `vary-unkeyed`)
   * until it is in the route's `vary` or `ignoreVary`.
   */
  readonly unkeyedVary: readonly string[];
  /**
   * Names of the cookies that were taken out of a response: to store it (`stripSetCookie`, `stripSetCookies`), or because the client has one of that
   * name that the edge withheld (docs/concepts/caching.md#set-cookie). Ten at most; `?`: a name that is none.
   */
  readonly strippedCookies: readonly string[];
  /** How many cookies of editors did not validate, and were removed. Many of them are an attack. */
  readonly refusedCookies: number;
  /** What would have been done, where a switch says `observe`; else null. */
  readonly observed: Observed | null;
  /** `shield`: a second pass, under the request id of the first; count requests of clients by `edge` alone. docs/how-to/shielding.md */
  readonly tier: 'edge' | 'shield';
  /**
   * What the shield said: HIT, MISS, STALE, BYPASS of its cache, `PASS`, `failed`, `unreachable`, `refused`, `no-key`, `too-long`; null where it
   * was not asked.
   */
  readonly shield: string | null;
}

/** The decision that `observe` held back, and what it would have made of the origin's answer. */
export interface Observed {
  /** The lane of that decision. */
  readonly lane: Lane;
  /** Its reason. */
  readonly reason: string;
  /** Why it would have been refused. */
  readonly code: ErrorCode | null;
  /** Keyed digest of the cache key, to count different ones; null without `fingerprint_key`. */
  readonly key: string | null;
  /** How many surrogate keys. */
  readonly surrogateKeys: number;
  /** Would have been stored for so long; null: not at all, and `detail` says why. */
  readonly ttlSeconds: number | null;
  /** As in the line itself. */
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
