import type { LogRecord } from '../../src/request/log-record.ts';
import { isRequest } from '../log/is-request.ts';
import { readLogLine } from '../log/read-log-line.ts';
import { createBoundedCounts } from './bounded-counts.ts';
import { createQuantiles } from './quantiles.ts';
import { readDevLine } from './read-dev-line.ts';
import { createRouteTally } from './route-tally.ts';
import { createShares } from './shares.ts';
import type { StatsReport } from './stats-report.ts';

const MAX_CODES = 100;

export interface Tally {
  /** One line of a log, with or without what stands before it, or of what `claimcache dev` prints; the request that it tells of, or null. */
  read(line: string): LogRecord | null;
  report(): StatsReport;
}

/** Everything that `claimcache stats` knows of a log. Constant memory, however long the log is and whatever it says. */
export function createTally(nowMs: () => number = Date.now): Tally {
  const lines = { read: 0, requests: 0, operator: 0, background: 0, shield: 0, foreign: 0 };
  const status = { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 };
  const shares = createShares();
  const routes = createRouteTally();
  const unauthorized = createBoundedCounts(MAX_CODES);
  const failures = createBoundedCounts(MAX_CODES);
  const notes = createBoundedCounts(MAX_CODES);
  const engines = createBoundedCounts(MAX_CODES);
  const latency = createQuantiles();
  const origin = createQuantiles();
  const verify = createQuantiles();
  const vcpu = createQuantiles();
  const byState = {
    HIT: createQuantiles(),
    MISS: createQuantiles(),
    STALE: createQuantiles(),
    BYPASS: createQuantiles(),
    ERROR: createQuantiles(),
  };
  const span = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
  let leakGuard = 0;
  let purgedKeys = 0;

  function take(record: LogRecord): void {
    const timeMs = Date.parse(record.time);
    span.fromMs = Math.min(span.fromMs, timeMs);
    span.toMs = Math.max(span.toMs, timeMs);
    shares.take(record);
    routes.take(record);
    countStatus(record);
    if (record.detail === 'leak-guard') leakGuard++;
    if (isNumber(record.purged)) purgedKeys += record.purged;
    if (Array.isArray(record.notes)) for (const note of record.notes) notes.add(String(note));
    if (typeof record.engine === 'string') engines.add(record.engine);
    latency.add(record.totalMs);
    byState[record.state].add(record.totalMs);
    if (isNumber(record.originMs)) origin.add(record.originMs);
    if (isNumber(record.verifyMs)) verify.add(record.verifyMs);
    if (isNumber(record.vcpuMs)) vcpu.add(record.vcpuMs);
  }

  function countStatus({ status: code, code: error }: LogRecord): void {
    const family = `${Math.floor(code / 100)}xx`;
    if (Object.hasOwn(status, family)) status[family as keyof typeof status]++;
    if (code === 401) unauthorized.add(error ?? 'origin');
    else if (error != null || code >= 500) failures.add(`${code} ${error ?? 'origin'}`);
  }

  return {
    read(line) {
      lines.read++;
      const record = readLogLine(line) ?? readDevLine(line, nowMs());
      if (record === null) {
        lines.foreign++;
        return null;
      }
      if (!isRequest(record)) {
        lines[kindOf(record)]++;
        return null;
      }
      lines.requests++;
      take(record);
      return record;
    },
    report: () => ({
      version: 1,
      from: isoOf(span.fromMs),
      to: isoOf(span.toMs),
      lines: { ...lines },
      totals: {
        ...shares.read(),
        status: { ...status },
        leakGuard,
        purgedKeys,
        latencyMs: latency.summary(),
        latencyMsByState: {
          HIT: byState.HIT.summary(),
          MISS: byState.MISS.summary(),
          STALE: byState.STALE.summary(),
          BYPASS: byState.BYPASS.summary(),
          ERROR: byState.ERROR.summary(),
        },
        originMs: origin.summary(),
        verifyMs: verify.summary(),
        vcpuMs: vcpu.summary(),
        unauthorized: unauthorized.list(),
        failures: failures.list(),
        notes: notes.list(),
        engines: engines.list(),
      },
      routes: routes.rows(),
    }),
  };
}

function isNumber(value: unknown): value is number {
  // 1e999 in a line of JSON is Infinity.
  return Number.isFinite(value);
}

function isoOf(timeMs: number): string | null {
  return Number.isFinite(timeMs) ? new Date(timeMs).toISOString() : null;
}

function kindOf({ reason, tier }: LogRecord): 'background' | 'shield' | 'operator' {
  if (reason === 'background') return 'background';
  return tier === 'shield' ? 'shield' : 'operator';
}
