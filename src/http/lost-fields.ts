/** By one of them nearly every answer can be told from one whose fields were lost. */
const OF_RESPONSE = [
  'content-length',
  'date',
  'content-type',
  'cache-control',
  'transfer-encoding',
  'set-cookie',
  'server',
];
/** `Host` is in each request of HTTP/1.1, and in none of HTTP/2. */
const OF_REQUEST = ['host', 'user-agent', 'accept', 'cookie', 'authorization', 'content-length'];

type NamedFields = Pick<Headers, 'get'>;

/** Whether a request has one of the usual fields, by their names: where the host cannot hand a field over, a list has none of them. null: one of these is that field. */
export function hasUsualField(headers: NamedFields): boolean | null {
  return hasOneOf(OF_REQUEST, headers);
}

function hasOneOf(names: readonly string[], headers: NamedFields): boolean | null {
  try {
    return names.some((name) => headers.get(name) !== null);
  } catch {
    return null;
  }
}

/**
 * Whether the fields of an answer were lost: the host hands a field over in a buffer of 69,000 bytes, and where one is longer this
 * runtime (js-compute 3.46) lists none at all, without an exception; a `no-store` would be gone too. By name the others can still
 * be read; the long one cannot, and `has` would end the request. An answer may have no field: then none is found by name.
 */
export function hasLostFields(headers: Pick<Headers, 'get' | 'keys'>): boolean {
  const isKnown = hasOneOf(OF_RESPONSE, headers);
  if (isKnown === null) return true;
  if (headers.keys().next().done !== true) return false;
  clearPending();
  return isKnown;
}

/** What the runtime failed with is pending until another exception is caught; the next `await` of the host would end the request in an empty 200. */
function clearPending(): void {
  try {
    throw new Error('cleared');
  } catch {
    // That was all.
  }
}
