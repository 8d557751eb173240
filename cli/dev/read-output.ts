import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { readLogLine } from '../log/read-log-line.ts';
import type { DevRecord } from './dev-record.ts';

/** What the local server tells of each request is in the record too, and shorter. */
const CHATTER = /^\S+Z\s+(?:INFO|DEBUG) (?:request\{|checking if |Listening on)|^\s*$/;

export interface OutputReader {
  /** One line of the log: as it is, and what it says. */
  record(line: string, record: DevRecord): void;
  /** Anything else that the server or the service prints. */
  other(line: string): void;
}

/** Reads what the local server prints: each line is a record, chatter, or something that somebody wants to see. */
export function readOutput(output: Readable, reader: OutputReader): void {
  createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    const record = readLogLine(line);
    if (record !== null) reader.record(line, record);
    else if (!CHATTER.test(line)) reader.other(line);
  });
}
