import { type EdgeError, ERRORS } from '../errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { RequestContext } from '../platform/request-context.ts';
import { type LogFields, type LogRecord, untoldRecord } from './log-record.ts';
import type { Plan } from './planned-request.ts';
import { toldPath } from './told-path.ts';

/** The line of one request, made at its end of what its steps know. */
export function requestLog(
  platform: Pick<Platform, 'nowMs' | 'hasLocalCache' | 'config'>,
  context: RequestContext,
  startedMs: number,
  status: number,
  parts: readonly LogFields[],
): LogRecord {
  const { request, requestId, vcpuMs } = context;
  const record = untoldRecord({
    time: new Date(startedMs).toISOString(),
    requestId,
    method: request.method,
    status,
    vcpuMs: vcpuMs(),
    totalMs: platform.nowMs() - startedMs,
    localCache: platform.hasLocalCache(),
  });
  Object.assign(record, toldPath(platform, context));
  // What is known later is right.
  for (let i = 0; i < parts.length; i++) Object.assign(record, parts[i]);
  return record;
}

/** What the log tells of a plan. */
export function planFields(plan: Plan): LogFields {
  const { path, lane, reason, verification, refusedCookies } = plan;
  const { verifyMs, provider, algorithm } = verification;
  const detail = plan.lane === 'pass' ? plan.detail : '';
  return { route: path.matched.name, lane, reason, detail, verifyMs, provider, algorithm, refusedCookies };
}

/** What the log tells of a failure; the client is told no more than that there was one. */
export function failureFields({ code, cause }: EdgeError): Pick<LogRecord, 'code' | 'state' | 'cause'> {
  const isTold = ERRORS[code].status >= 500 || cause !== undefined;
  return { code, state: 'ERROR', cause: isTold ? describe(cause) : null };
}

/** A line of its own: for work that outlived the answer, and for trouble with a provider's keys. */
export function backgroundLog(record: LogRecord, detail: string, { code, cause }: EdgeError): LogRecord {
  return { ...record, state: 'ERROR', reason: 'background', detail, code, cause: describe(cause), status: 0 };
}

/** Name and message only: a stack names files, and a nested cause may quote what a client sent. */
function describe(cause: unknown): string | null {
  if (!(cause instanceof Error)) return null;
  return `${cause.name}: ${cause.message}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
