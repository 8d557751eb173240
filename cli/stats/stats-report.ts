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
  readonly status: Readonly<Record<'2xx' | '3xx' | '4xx' | '5xx', number>>;
  /** Alarms of the leak guard. */
  readonly leakGuard: number;
  readonly purgedKeys: number;
  readonly latencyMs: Percentiles | null;
  readonly latencyMsByState: Readonly<Record<keyof States, Percentiles | null>>;
  readonly originMs: Percentiles | null;
  readonly verifyMs: Percentiles | null;
  readonly vcpuMs: Percentiles | null;
  /** Refusals for want of a good credential, by code; `origin`: the origin's own 401. */
  readonly unauthorized: readonly Count[];
  /** Everything else that failed: `503 ERR_KEYS_UNAVAILABLE`. */
  readonly failures: readonly Count[];
  readonly notes: readonly Count[];
  readonly engines: readonly Count[];
}

export interface Count {
  readonly name: string;
  readonly count: number;
}

export interface Shares {
  readonly requests: number;
  readonly states: States;
  /** HIT and STALE of HIT, STALE and MISS. */
  readonly hitRatio: number | null;
  /** Answers that waited for the origin. */
  readonly originRequests: number;
  /** Answers without the origin, of all that were neither refused nor failed. */
  readonly originOffload: number | null;
}

export interface RouteStats extends Shares {
  readonly route: string;
  readonly lane: string;
  readonly unauthorized: number;
  readonly failures: number;
  readonly latencyMs: Percentiles | null;
  readonly originMs: Percentiles | null;
  /** Why not from the cache: reason and detail of everything but HIT and STALE. */
  readonly why: readonly Count[];
}
