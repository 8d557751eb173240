import type { LogRecord } from '../../src/request/log-record.ts';

/** A slot of time, in seconds, and how many are kept: an hour. */
export const SLOT_SECONDS = 5;
export const SLOTS = 720;

/** What is counted. Milliseconds are sums: divide them by `origin`, or by the requests. */
export interface Counts extends Record<LogRecord['state'], number> {
  /** Answers without the origin, of all but refusals and failures. */
  readonly saved: number;
  /** Requests for which the origin was asked. */
  readonly origin: number;
  readonly originMs: number;
  readonly totalMs: number;
  /** Answered with 5xx. */
  readonly failures: number;
  /** `leak-guard`. */
  readonly alarms: number;
}

/** The counts of one slot; what is 0 is left out. `at`: its number since 1970. */
export interface Slot extends Partial<Counts> {
  readonly at: number;
}

export interface RouteSeries {
  readonly route: string;
  readonly lane: string;
  /** Oldest first; a slot without a request is left out. */
  readonly slots: readonly Slot[];
}

/** Why a route did not answer from the cache. */
export interface CauseSeries extends RouteSeries {
  readonly state: 'MISS' | 'BYPASS';
  readonly reason: string;
  readonly detail: string;
}

type Always = 'requestId' | 'method' | 'lane' | 'state' | 'reason' | 'detail' | 'status' | 'totalMs';
/** What a line tells where there is something to tell. */
export type Told =
  | 'code'
  | 'cause'
  | 'ttlSeconds'
  | 'ageSeconds'
  | 'originMs'
  | 'verifyMs'
  | 'vcpuMs'
  | 'provider'
  | 'algorithm'
  | 'fingerprint'
  | 'engine'
  | 'purged'
  | 'notes'
  | 'unkeyedVary'
  | 'strippedCookies'
  | 'refusedCookies'
  | 'observed'
  | 'shield';

/** A line of the log, without what is null, empty or 0. */
export type RequestLine = Pick<LogRecord, Always> & {
  readonly [K in Told]?: NonNullable<LogRecord[K]>;
} & {
  /** Counts up, from 1. */
  readonly seq: number;
  readonly timeMs: number;
  readonly route: string;
  /** Without its query; `claimcache dev` alone logs it. */
  readonly path?: string;
};

/** Something was purged: as the log tells, which has no keys, or as this console ordered it. */
export interface PurgeEvent {
  readonly seq: number;
  readonly timeMs: number;
  readonly by: 'console' | 'operator' | 'self' | 'write';
  readonly count: number;
  /** null: only the log tells of it. */
  readonly keys: readonly string[] | null;
  readonly soft: boolean | null;
  readonly route: string | null;
  readonly requestId: string | null;
}

/** What the console knows beside the log. */
export interface ConsoleFacts {
  /** The pattern of each route, where the policy is at hand. */
  readonly routes: Readonly<Record<string, string>>;
  /** The page to go back to. */
  readonly home: string | null;
  /** What a switch does: it is written, or the page shows the command that does. */
  readonly switches: 'written' | 'shown';
}

/**
 * What the console's page is sent: everything when it connects (the event `state`), then what is new (`more`). Both have this shape: slots
 * and totals in it are whole, lines and purges have numbers, so that what comes twice is no matter.
 */
export interface LiveNews {
  /** Of the newest slot's end, in milliseconds since 1970. */
  readonly endMs: number;
  /** The log has ended: nothing will come any more. */
  readonly isEnded: boolean;
  readonly facts: ConsoleFacts;
  /** Since the console began. */
  readonly totals: Counts;
  /** Of all requests. */
  readonly slots: readonly Slot[];
  readonly routes: readonly RouteSeries[];
  readonly causes: readonly CauseSeries[];
  /** Oldest first. */
  readonly requests: readonly RequestLine[];
  /** Requests since the last news that are counted and not among `requests`: too many at once. */
  readonly skipped: number;
  readonly purges: readonly PurgeEvent[];
}
