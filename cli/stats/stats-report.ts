import type { States } from '../log/states.ts';
import type { Percentiles } from './quantiles.ts';

/** What `claimcache stats --json` prints, version 1. Ratios from 0 to 1, null where there is nothing to divide by; times in milliseconds. */
export interface StatsReport {
  readonly version: 1;
  /** ISO 8601 of the oldest and the newest request; null without any. */
  readonly from: string | null;
  readonly to: string | null;
  readonly lines: LineCounts;
  readonly totals: Totals;
  /** The busiest first. */
  readonly routes: readonly RouteStats[];
}

export interface LineCounts {
  readonly read: number;
  /** Of visitors: what everything else here is about. */
  readonly requests: number;
  readonly operator: number;
  /** Work after the answer that has failed, such as a refresh. */
  readonly background: number;
  /** Second passes at a shield: their first passes are counted. */
  readonly shield: number;
  /** No line of the service. */
  readonly foreign: number;
}

export interface Totals extends Shares {
  /** Responses by class of status. */
  readonly status: Readonly<Record<'2xx' | '3xx' | '4xx' | '5xx', number>>;
  /** Alarms of the leak guard. */
  readonly leakGuard: number;
  /** Surrogate keys that requests have purged. */
  readonly purgedKeys: number;
  /** From the request to its response, in ms: mean, p50, p90, p95, p99 (right to 1 %) and maximum. */
  readonly latencyMs: Percentiles | null;
  /** The same for each state. */
  readonly latencyMsByState: Readonly<Record<keyof States, Percentiles | null>>;
  /** Until the origin's response headers, in the same form. */
  readonly originMs: Percentiles | null;
  /** Verification of the credential. */
  readonly verifyMs: Percentiles | null;
  /** vCPU time. */
  readonly vcpuMs: Percentiles | null;
  /** 401s by code; `origin`: the origin's own. */
  readonly unauthorized: readonly Count[];
  /** Everything else that failed: `503 ERR_KEYS_UNAVAILABLE`. */
  readonly failures: readonly Count[];
  /** Notes of the log, by name. */
  readonly notes: readonly Count[];
  /** The caches that were asked. */
  readonly engines: readonly Count[];
}

export interface Count {
  readonly name: string;
  readonly count: number;
}

export interface Shares {
  /** Requests of clients. The operator's are left out. */
  readonly requests: number;
  /** How many requests had each state of `X-Cache`. */
  readonly states: States;
  /** HIT and STALE of HIT, STALE and MISS. */
  readonly hitRatio: number | null;
  /** Responses that waited for the origin. A refresh behind a STALE response has no line of its own and is not counted. */
  readonly originRequests: number;
  /** Responses without the origin, of all but refusals and failures. */
  readonly originOffload: number | null;
}

export interface RouteStats extends Shares {
  /** The route. */
  readonly route: string;
  /** Its lane. */
  readonly lane: string;
  /** 401s there. */
  readonly unauthorized: number;
  /** Failures there. */
  readonly failures: number;
  /** As in the totals. */
  readonly latencyMs: Percentiles | null;
  /** As in the totals. */
  readonly originMs: Percentiles | null;
  /** Reason and detail of what was neither HIT nor STALE. */
  readonly why: readonly Count[];
}
