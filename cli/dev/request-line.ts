import { printable } from '../base/printable.ts';
import type { World } from '../base/world.ts';
import type { DevRecord } from './dev-record.ts';

/** One request in one line: time, method, path, status, lane, state, age, reason, milliseconds. */
export function requestLine(record: DevRecord, colors: World['colors']): string {
  const { time, method, path, route, status, lane, state, ageSeconds, reason, detail, code, totalMs } =
    record;
  const shownPath = printable(path ?? `(${route ?? 'refused'})`);
  const age = ageSeconds === null ? '' : `${ageSeconds} s`;
  const why = [reason, detail, code].filter(Boolean).join(', ');
  const paintState = STATES[state](colors);
  const paintStatus = status >= 500 ? colors.red : status >= 400 ? colors.yellow : (text: string) => text;
  return [
    colors.dim(time.slice(11, 23)),
    printable(method).padEnd(6),
    shownPath.padEnd(28),
    paintStatus(String(status)),
    lane.padEnd(8),
    paintState(state.padEnd(6)),
    age.padStart(6),
    `${totalMs.toFixed(0)} ms`.padStart(8),
    ` ${colors.dim(printable(why))}`,
  ].join(' ');
}

const STATES: Record<DevRecord['state'], (colors: World['colors']) => (text: string) => string> = {
  HIT: (colors) => colors.green,
  MISS: (colors) => colors.cyan,
  STALE: (colors) => colors.yellow,
  BYPASS: (colors) => colors.magenta,
  ERROR: (colors) => colors.red,
};
