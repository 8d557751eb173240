import type { LogRecord } from '../../src/request/log-record.ts';

/**
 * Whether a record tells of a visitor's request. The operator's are none; nor is the second line of a request, which tells of work that
 * went on after the answer; nor its second pass, at a shield.
 */
export function isRequest({ lane, reason, tier }: LogRecord): boolean {
  return lane !== 'operator' && reason !== 'background' && tier !== 'shield';
}
