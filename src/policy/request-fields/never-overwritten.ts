/** Fields that the edge must not overwrite. In lower case. */
export const NEVER_OVERWRITTEN: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'cookie',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'user-agent',
]);
