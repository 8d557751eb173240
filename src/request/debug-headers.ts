import { NO_STORE } from '../http/no-store.ts';
import type { LogRecord } from './log-record.ts';

/** What a debugging operator is told beside the line of the log. */
export interface DebugFacts {
  /** Keyed digest of the cache key; null where there is none. */
  readonly key: string | null;
  readonly surrogateKeys: number;
}

/** Sets what the service knows of a request on its answer, which nobody may keep then. */
export function applyDebugHeaders(headers: Headers, entry: Readonly<LogRecord>, facts: DebugFacts): void {
  headers.set('cache-control', NO_STORE);
  headers.delete('expires');
  headers.set('server-timing', serverTiming(entry));
  const told = {
    lane: entry.lane,
    reason: entry.reason,
    route: entry.route,
    state: entry.state,
    detail: entry.detail,
    code: entry.code,
    engine: entry.engine,
    ttl: entry.ttlSeconds,
    shield: entry.shield,
    'request-id': entry.requestId,
    key: facts.key,
    'surrogate-keys': facts.surrogateKeys,
  };
  for (const [name, value] of Object.entries(told)) {
    if (value !== null && value !== '') headers.set(`x-claimcache-debug-${name}`, String(value));
  }
}

/** Server Timing (W3C): what took how many milliseconds. */
function serverTiming({ state, verifyMs, originMs, vcpuMs, totalMs }: Readonly<LogRecord>): string {
  const metrics = [`cache;desc="${state}"`];
  for (const [name, ms] of Object.entries({
    verify: verifyMs,
    origin: originMs,
    vcpu: vcpuMs,
    total: totalMs,
  })) {
    if (ms !== null) metrics.push(`${name};dur=${Math.round(ms * 10) / 10}`);
  }
  return metrics.join(', ');
}
