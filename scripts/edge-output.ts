import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { LogRecord } from '../src/request/log-record.ts';

const RECORD = /^claimcache :: (\{.*\})$/;
/** What the local server tells of each request is in the record too, and shorter. */
const CHATTER = /^\S+Z\s+(?:INFO|DEBUG) (?:request\{|checking if )|^(?:-{20,}|\s*|INFO: Command output:)$/;

/** Reads what the local server prints: records go to `onRecord` and are printed as one short line each, the rest as it is. */
export function readEdgeOutput(
  output: Readable,
  onRecord: (line: string) => void,
  print: (line: string) => void = console.log,
): void {
  createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    const json = RECORD.exec(line)?.[1];
    if (json !== undefined) {
      onRecord(json);
      print(shortLine(json) ?? line);
    } else if (!CHATTER.test(line)) print(line);
  });
}

function shortLine(json: string): string | null {
  try {
    const { time, method, route, lane, state, reason, detail, status, totalMs, code } = JSON.parse(
      json,
    ) as LogRecord;
    const why = [reason, detail, code].filter(Boolean).join(', ');
    const what = `${method} ${route ?? '-'}`.padEnd(22);
    return `${time.slice(11, 23)} ${state.padEnd(6)} ${status} ${what} ${lane.padEnd(8)} ${totalMs.toFixed(0).padStart(4)} ms  ${why}`;
  } catch {
    return null;
  }
}
