import type { LogRecord } from '../../src/request/log-record.ts';

/** The beginning of a record: as the service writes it, or as `claimcache dev --json` does. */
const RECORD = '{"v":1,';
const DEV_RECORD = '{"event":"request","v":1,';
const STATES = new Set(['HIT', 'MISS', 'STALE', 'BYPASS', 'ERROR']);

/**
 * The record in one line of a log: the line itself, or what stands behind a prefix (`claimcache :: {…}` of Viceroy, or the time that a
 * log stream puts before it), and what `claimcache dev --json` prints. null for every other line.
 */
export function readLogLine(line: string): LogRecord | null {
  const written = line.indexOf(RECORD);
  const start = written < 0 ? line.indexOf(DEV_RECORD) : written;
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
