import type { LogRecord } from '../../src/request/log-record.ts';

/** A line of the log, as a service writes it under `claimcache dev`. */
export type DevRecord = LogRecord & {
  /** Without its query. */
  readonly path?: string;
};
