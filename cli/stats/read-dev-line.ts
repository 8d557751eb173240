import { type LogRecord, untoldRecord } from '../../src/request/log-record.ts';

/** What a terminal is told of colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const COLOUR = /\u001b\[[0-9;]*m/g;
const LINE =
  /^(\d\d:\d\d:\d\d\.\d{3}) +([A-Z]+) +(\S+) +(\d{3}) +(pass|public|scoped|reject|operator) +(HIT|MISS|STALE|BYPASS|ERROR) +(?:(\d+(?:\.\d+)?) s +)?(\d+) ms +(\S.*)$/;

/**
 * A line that `claimcache dev` has printed for a person (`cli/dev/request-line.ts`). It has no date, which is taken to be that of `nowMs`, and
 * neither route nor times of the origin: the path stands in the place of the route, and the whole time in that of the origin's where it was asked.
 */
export function readDevLine(line: string, nowMs: number): LogRecord | null {
  const [, time, method, path, status, lane, state, age, totalMs, why = ''] =
    LINE.exec(line.replace(COLOUR, '').trimEnd()) ?? [];
  if (time === undefined || method === undefined || path === undefined) return null;
  const [reason = '', ...more] = why.split(', ');
  const code = more.at(-1)?.startsWith('ERR_') ? (more.pop() ?? null) : null;
  return {
    ...untoldRecord({
      time: `${new Date(nowMs).toISOString().slice(0, 10)}T${time}Z`,
      requestId: '',
      method,
      status: Number(status),
      vcpuMs: null,
      totalMs: Number(totalMs),
      localCache: true,
    }),
    route: path,
    lane: lane as LogRecord['lane'],
    state: state as LogRecord['state'],
    reason,
    detail: more.join(', '),
    code: code as LogRecord['code'],
    ageSeconds: age === undefined ? null : Number(age),
    originMs:
      state === 'MISS' || (state === 'BYPASS' && lane === 'pass' && reason !== 'preflight')
        ? Number(totalMs)
        : null,
  };
}
