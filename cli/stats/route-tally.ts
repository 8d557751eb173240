import type { LogRecord } from '../../src/request/log-record.ts';
import { createBoundedCounts } from './bounded-counts.ts';
import { createQuantiles } from './quantiles.ts';
import { createShares } from './shares.ts';
import type { RouteStats } from './stats-report.ts';

/** More pairs of route and lane than any policy has: beyond it they are counted together. */
const MAX_ROWS = 200;
const MAX_REASONS = 20;
const OTHERS = '(others)';
const MAX_NAME = 64;

export interface RouteTally {
  take(record: LogRecord): void;
  rows(): RouteStats[];
}

/** Counts per route and lane, in bounded memory. */
export function createRouteTally(): RouteTally {
  const rows = new Map<string, ReturnType<typeof createRow>>();

  function rowOf(record: LogRecord) {
    const route = (record.route ?? '(refused)').slice(0, MAX_NAME);
    const id = `${route} ${record.lane}`;
    const known = rows.get(id);
    if (known !== undefined) return known;
    const isFull = rows.size >= MAX_ROWS;
    const key = isFull ? OTHERS : id;
    const row = rows.get(key) ?? (isFull ? createRow(OTHERS, '') : createRow(route, record.lane));
    rows.set(key, row);
    return row;
  }

  return {
    take: (record) => rowOf(record).take(record),
    rows: () => [...rows.values()].map((row) => row.stats()).sort((a, b) => b.requests - a.requests),
  };
}

function createRow(route: string, lane: string) {
  const shares = createShares();
  const latency = createQuantiles();
  const origin = createQuantiles();
  const why = createBoundedCounts(MAX_REASONS);
  let unauthorized = 0;
  let failures = 0;
  return {
    take(record: LogRecord): void {
      const { state, status, reason, detail, originMs } = record;
      shares.take(record);
      latency.add(record.totalMs);
      if (originMs !== null) origin.add(originMs);
      if (status === 401) unauthorized++;
      else if (status >= 500) failures++;
      if (state !== 'HIT' && state !== 'STALE') why.add(detail === '' ? reason : `${reason}, ${detail}`);
    },
    stats: (): RouteStats => ({
      route,
      lane,
      ...shares.read(),
      unauthorized,
      failures,
      latencyMs: latency.summary(),
      originMs: origin.summary(),
      why: why.list(),
    }),
  };
}
