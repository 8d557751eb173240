import type { LogRecord } from '../../src/request/log-record.ts';
import type { RequestLine, Told } from './live-news.ts';

const MAX_TEXT = 500;
const MAX_LIST = 20;

type Copied = Exclude<Told, 'observed'> | 'path';

/** What each field has to be: a line of a log is whatever somebody has written into it. */
const TOLD: Readonly<Record<Copied, 'text' | 'number' | 'texts'>> = {
  path: 'text',
  code: 'text',
  cause: 'text',
  provider: 'text',
  algorithm: 'text',
  fingerprint: 'text',
  engine: 'text',
  shield: 'text',
  ttlSeconds: 'number',
  ageSeconds: 'number',
  originMs: 'number',
  verifyMs: 'number',
  vcpuMs: 'number',
  purged: 'number',
  refusedCookies: 'number',
  notes: 'texts',
  unkeyedVary: 'texts',
  strippedCookies: 'texts',
};
/** A 0 here says something; elsewhere it is as if nothing were there. */
const ZERO_COUNTS = new Set(['ttlSeconds', 'ageSeconds', 'originMs', 'verifyMs']);

/** A record as the page gets it; `seq` is its number. */
export function requestLine(record: LogRecord, seq: number): RequestLine {
  const { requestId, method, lane, state, reason, detail, status, totalMs } = record;
  const told: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(TOLD)) {
    const value = checked((record as unknown as Record<string, unknown>)[name], kind);
    if (value !== null && (value !== 0 || ZERO_COUNTS.has(name))) told[name] = value;
  }
  const { observed } = record;
  return {
    seq,
    timeMs: Date.parse(record.time),
    requestId,
    method: method.slice(0, MAX_TEXT),
    route: routeName(record),
    lane,
    state,
    reason: reason.slice(0, MAX_TEXT),
    detail: detail.slice(0, MAX_TEXT),
    status,
    totalMs,
    ...told,
    ...(isObserved(observed) && { observed }),
  } as RequestLine;
}

/** null in the log: it was refused before there was a route. */
export function routeName({ route }: Pick<LogRecord, 'route'>): string {
  return route?.slice(0, MAX_TEXT) ?? '(refused)';
}

function checked(value: unknown, kind: 'text' | 'number' | 'texts'): unknown {
  if (kind === 'number') return Number.isFinite(value) ? value : null;
  if (kind === 'text') return typeof value === 'string' && value !== '' ? value.slice(0, MAX_TEXT) : null;
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.slice(0, MAX_LIST).map((item) => String(item).slice(0, MAX_TEXT));
}

function isObserved(value: unknown): boolean {
  const { lane, reason, detail } = (value ?? {}) as Record<string, unknown>;
  return [lane, reason, detail].every((text) => typeof text === 'string');
}
