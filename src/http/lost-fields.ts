/** By one of them nearly every answer can be told from one whose fields were lost. */
const USUAL = [
  'content-length',
  'date',
  'content-type',
  'cache-control',
  'transfer-encoding',
  'set-cookie',
  'server',
];

/**
 * Whether the fields of an answer were lost: the host hands a field over in a buffer of 69,000 bytes, and where one is longer this
 * runtime (js-compute 3.46) lists none at all, without an exception; a `no-store` would be gone too. By name the others can still
 * be read; the long one cannot, and `has` would end the request. An answer may have no field: then none is found by name.
 */
export function hasLostFields(headers: Pick<Headers, 'get' | 'keys'>): boolean {
  let isKnown: boolean;
  try {
    isKnown = USUAL.some((name) => headers.get(name) !== null);
  } catch {
    return true;
  }
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
