import type { LogRecord } from '../../src/request/log-record.ts';
import { isRequest } from './is-request.ts';
import type { Bucket, RequestLine, RouteLine, Snapshot, States } from './snapshot.ts';

const BUCKET_SECONDS = 5;
const BUCKETS = 120;
const REQUESTS = 50;
/** More pairs of route and lane than any policy has: beyond it they are counted together. */
const MAX_ROUTES = 200;
/** Behind the clock by more than this a log is an old one, and its own last line is the present. */
const LIVE_MS = 600_000;

type Counted<T> = { -readonly [K in keyof T]: T[K] };

interface RouteCount {
  readonly route: string;
  readonly lane: string;
  requests: number;
  readonly states: Counted<States>;
  originRequests: number;
  originMs: number;
}

export interface LiveWindow {
  /** Takes one record; whether anything has changed. */
  take(record: LogRecord): boolean;
  snapshot(): Snapshot;
}

/** The last ten minutes of a log, and its sums. Constant memory, however long it runs. */
export function createLiveWindow(nowMs: () => number): LiveWindow {
  const buckets = new Map<number, Counted<Bucket>>();
  const routes = new Map<string, RouteCount>();
  const requests: RequestLine[] = [];
  const totals = { requests: 0, states: noStates(), saved: 0, failures: 0, alarms: 0 };
  let newestMs = 0;

  function count(record: LogRecord): void {
    const { state, originMs } = record;
    const timeMs = Date.parse(record.time);
    if (timeMs > newestMs) newestMs = timeMs;
    totals.requests++;
    totals.states[state]++;
    if (originMs === null) totals.saved++;
    if (record.status >= 500) totals.failures++;
    if (record.detail === 'leak-guard') totals.alarms++;
    countInBucket(Math.floor(timeMs / 1000 / BUCKET_SECONDS), record);
    countForRoute(record);
    requests.unshift(requestLine(record, timeMs));
    if (requests.length > REQUESTS) requests.pop();
  }

  function countInBucket(index: number, { state }: LogRecord): void {
    const bucket = buckets.get(index) ?? { requests: 0, served: 0, asked: 0 };
    buckets.set(index, bucket);
    bucket.requests++;
    if (state === 'HIT' || state === 'STALE') bucket.served++;
    if (state === 'HIT' || state === 'STALE' || state === 'MISS') bucket.asked++;
    if (buckets.size > BUCKETS) buckets.delete(Math.min(...buckets.keys()));
  }

  function countForRoute({ route, lane, state, originMs }: LogRecord): void {
    const name = route ?? '(refused)';
    const known = routes.size < MAX_ROUTES || routes.has(`${name} ${lane}`);
    const id = known ? `${name} ${lane}` : '(others)';
    const line = routes.get(id) ?? {
      route: known ? name : '(others)',
      lane: known ? lane : '',
      requests: 0,
      states: noStates(),
      originRequests: 0,
      originMs: 0,
    };
    routes.set(id, line);
    line.requests++;
    line.states[state]++;
    if (originMs === null) return;
    line.originRequests++;
    line.originMs += originMs;
  }

  return {
    take(record) {
      if (!isRequest(record)) return false;
      count(record);
      return true;
    },

    snapshot() {
      const now = nowMs();
      const endMs = now - newestMs < LIVE_MS || newestMs === 0 ? Math.max(now, newestMs) : newestMs;
      const last = Math.floor(endMs / 1000 / BUCKET_SECONDS);
      const empty = { requests: 0, served: 0, asked: 0 };
      return {
        endMs: (last + 1) * BUCKET_SECONDS * 1000,
        bucketSeconds: BUCKET_SECONDS,
        buckets: Array.from({ length: BUCKETS }, (_, i) => buckets.get(last - BUCKETS + 1 + i) ?? empty),
        totals,
        routes: [...routes.values()].sort((a, b) => b.requests - a.requests).map(routeLine),
        requests,
      };
    },
  };
}

function routeLine({ originRequests, originMs, ...line }: RouteCount): RouteLine {
  return { ...line, originMs: originRequests === 0 ? null : originMs / originRequests };
}

function requestLine(record: LogRecord, timeMs: number): RequestLine {
  const { requestId, method, route, lane, state, reason, detail, status, ageSeconds, totalMs } = record;
  return {
    id: requestId,
    timeMs,
    method,
    route: route ?? '(refused)',
    lane,
    state,
    reason,
    detail,
    status,
    ageSeconds,
    totalMs,
  };
}

function noStates(): Counted<States> {
  return { HIT: 0, MISS: 0, STALE: 0, BYPASS: 0, ERROR: 0 };
}
