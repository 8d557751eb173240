import { EdgeError, ERRORS } from '../errors.ts';
import type { Decision } from '../types/decision.ts';
import type { Platform, RequestContext } from '../types/platform.ts';
import type { LogRecord } from './log-record.ts';

type Entry = { -readonly [Field in keyof LogRecord]: LogRecord[Field] };

/** Collects what is known of one request, and writes it as one line at the end. */
export interface Journal {
  /** `keyTrouble` stands alone: it is not about this request, and gets a line of its own. */
  note(facts: Partial<Entry> & { readonly keyTrouble?: string }): void;
  /** What is known so far. */
  readonly entry: Readonly<LogRecord>;
  /** What was decided, once it is. */
  decision: Decision | null;
  failed(error: EdgeError): void;
  /** The answer is ready: times end here. */
  end(status: number): void;
  write(): void;
  /** A line of its own for work that outlived the answer. */
  writeBackground(detail: string, error: EdgeError): void;
}

export function startJournal(platform: Platform, context: RequestContext, endpoint: string): Journal {
  const startedMs = platform.nowMs();
  const entry: Entry = {
    v: 1,
    time: new Date(startedMs).toISOString(),
    requestId: context.requestId,
    method: context.request.method,
    route: null,
    lane: 'reject',
    state: 'ERROR',
    reason: 'error',
    detail: '',
    status: 0,
    code: null,
    cause: null,
    ttlSeconds: null,
    ageSeconds: null,
    originMs: null,
    verifyMs: null,
    vcpuMs: null,
    totalMs: 0,
    provider: null,
    algorithm: null,
    fingerprint: null,
    engine: 'none',
    localCache: platform.hasLocalCache(),
    purged: 0,
    notes: [],
    unkeyedVary: [],
    strippedCookies: [],
    refusedCookies: 0,
    observed: null,
    tier: 'edge',
    shield: null,
  };
  const send = (record: Entry) => platform.log(endpoint, JSON.stringify(record));
  const writeBackground = (detail: string, { code, cause }: EdgeError) =>
    send({ ...entry, state: 'ERROR', reason: 'background', detail, code, cause: describe(cause), status: 0 });
  return {
    entry,
    decision: null,
    note(facts) {
      const { keyTrouble } = facts;
      if (keyTrouble === undefined) Object.assign(entry, facts);
      else writeBackground('keys', new EdgeError('ERR_KEYS_UNAVAILABLE', { cause: new Error(keyTrouble) }));
    },
    failed(error) {
      entry.code = error.code;
      entry.state = 'ERROR';
      entry.cause =
        ERRORS[error.code].status >= 500 || error.cause !== undefined ? describe(error.cause) : null;
    },
    end(status) {
      entry.status = status;
      entry.totalMs = platform.nowMs() - startedMs;
      entry.vcpuMs = context.vcpuMs();
    },
    write: () => send(entry),
    writeBackground,
  };
}

/** Name and message only: a stack names files, and a nested cause may quote what a client sent. */
function describe(cause: unknown): string | null {
  if (!(cause instanceof Error)) return null;
  return `${cause.name}: ${cause.message}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
