const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);

/** Whether a method only asks, by its definition (RFC 9110 section 9.2.1, RFC 10008 section 2). */
export function isSafeMethod(method: string): boolean {
  return SAFE.has(method);
}
