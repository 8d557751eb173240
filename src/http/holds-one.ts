/** Fields of a grammar of their own, in which no origin writes a trace, and whose parts a client could send as one. */
const NOT_LOOKED_INTO: ReadonlySet<string> = new Set([
  'age',
  'alt-svc',
  'cache-control',
  'cdn-cache-control',
  'content-length',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'strict-transport-security',
  'surrogate-control',
  'vary',
]);

/** Whether a field holds one of the values. */
export function holdsOne(fields: Iterable<readonly [string, string]>, values: readonly string[]): boolean {
  for (const [name, text] of fields) {
    if (NOT_LOOKED_INTO.has(name)) continue;
    for (const value of values) if (value !== '' && text.includes(value)) return true;
  }
  return false;
}
