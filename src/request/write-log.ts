import { EdgeError } from '../errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { RequestContext } from '../platform/request-context.ts';
import type { Answer } from './answer.ts';
import type { LogRecord } from './log-record.ts';
import { backgroundLog } from './request-log.ts';

/** Writes the line of a request, and one for each thing beside it that an operator has to know. */
export function writeLog(
  { log }: Pick<Platform, 'log'>,
  { waitUntil }: RequestContext,
  endpoint: string,
  record: LogRecord,
  { keyTroubles, background }: Pick<Answer, 'keyTroubles' | 'background'>,
): void {
  const write = (line: LogRecord) => log(endpoint, JSON.stringify(line));
  try {
    for (let i = 0; i < keyTroubles.length; i++) {
      const error = new EdgeError('ERR_KEYS_UNAVAILABLE', { cause: new Error(keyTroubles[i]) });
      write(backgroundLog(record, 'keys', error));
    }
    write(record);
  } catch {
    // A log endpoint that is not there must not cost a visitor the page.
  }
  if (background === null) return;
  waitUntil(
    background.then((error) => {
      if (error !== null) write(backgroundLog(record, 'refresh-failed', error));
    }),
  );
}
