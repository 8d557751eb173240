import type { LogRecord } from '../../src/request/log-record.ts';

const STATES = new Set(['HIT', 'MISS', 'STALE', 'BYPASS', 'ERROR']);

/**
 * The record in one line of a log: the line itself, or what stands behind a prefix (`claimcache :: {…}` of Viceroy, or the time that a
 * log stream puts before it). null for every other line.
 */
export function readLogLine(line: string): LogRecord | null {
  const start = line.indexOf('{"v":1,');
  if (start < 0) return null;
  let record: Partial<LogRecord>;
  try {
    record = JSON.parse(line.slice(start));
  } catch {
    return null;
  }
  const isWhole =
    !Number.isNaN(Date.parse(record.time ?? '')) &&
    STATES.has(record.state ?? '') &&
    [record.lane, record.reason, record.detail, record.method, record.requestId].every(isText) &&
    [record.route, record.code ?? null].every((value) => value === null || isText(value)) &&
    [record.totalMs, record.status, record.originMs ?? 0].every(Number.isFinite) &&
    record.originMs !== undefined;
  return isWhole ? (record as LogRecord) : null;
}

const isText = (value: unknown) => typeof value === 'string';
