/** What the console's page is sent, as one JSON document: all of it each time, so that a lost message is no matter. */
export interface Snapshot {
  /** Of the newest bucket's end, in milliseconds since 1970. */
  readonly endMs: number;
  readonly bucketSeconds: number;
  /** Oldest first, the last one not full yet. */
  readonly buckets: readonly Bucket[];
  /** Of everything since the console began. */
  readonly totals: Totals;
  /** Of everything since the console began, the busiest first. */
  readonly routes: readonly RouteLine[];
  /** Newest first. */
  readonly requests: readonly RequestLine[];
}

export type States = Readonly<Record<'HIT' | 'MISS' | 'STALE' | 'BYPASS' | 'ERROR', number>>;

export interface Bucket {
  readonly requests: number;
  /** HIT and STALE. */
  readonly served: number;
  /** HIT, STALE and MISS: those that a cache was asked for. */
  readonly asked: number;
}

export interface Totals {
  readonly requests: number;
  readonly states: States;
  /** Answers for which the origin was not asked, a refusal included. */
  readonly saved: number;
  /** Answered with 5xx. */
  readonly failures: number;
  /** `leak-guard`. */
  readonly alarms: number;
}

export interface RouteLine {
  readonly route: string;
  readonly lane: string;
  readonly requests: number;
  readonly states: States;
  /** Mean milliseconds of the origin, where it was asked. */
  readonly originMs: number | null;
}

export interface RequestLine {
  readonly id: string;
  readonly timeMs: number;
  readonly method: string;
  readonly route: string;
  readonly lane: string;
  readonly state: string;
  readonly reason: string;
  readonly detail: string;
  readonly status: number;
  readonly ageSeconds: number | null;
  readonly totalMs: number;
}
