import type { ReadonlyFields } from './fields.ts';

/** Whether the headers of a request say that a body comes; those of HTTP/2 need not. */
export function announcesBody(headers: ReadonlyFields): boolean {
  return (headers.get('content-length') ?? '0') !== '0' || headers.has('transfer-encoding');
}
