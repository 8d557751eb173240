import type { LogRecord } from '../../src/request/log-record.ts';

const LOG_PREFIX = 'claimcache :: ';

export interface EdgeLog {
  /** More of what Viceroy and the service printed; lines may come in pieces. */
  add(text: string): void;
  /** The lines so far that the log endpoint `claimcache` got. */
  records(): LogRecord[];
}

/** Reads the log out of what a local server prints on its standard output. */
export function createEdgeLog(): EdgeLog {
  const records: LogRecord[] = [];
  let rest = '';
  return {
    add(text) {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith(LOG_PREFIX)) records.push(JSON.parse(line.slice(LOG_PREFIX.length)));
      }
    },
    records: () => [...records],
  };
}
