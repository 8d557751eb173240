import type { ReadonlyFields } from '../http/fields.ts';

/**
 * Whether a POST may be read as GraphQL: plain JSON in UTF-8. A form or `text/plain` can be sent by any page of the web without
 * a preflight (CSRF), so such a request is none, whatever is in it.
 */
export function isJsonBody(headers: ReadonlyFields): boolean {
  return jsonTypeOf(headers) === 'application/json' && !headers.has('content-encoding');
}

/** The media type of a body that says it is JSON in UTF-8, in lower case and without parameters, of which no other counts; else null. */
export function jsonTypeOf(headers: ReadonlyFields): string | null {
  const [type = '', ...parameters] = (headers.get('content-type') ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const isUtf8 = parameters.every((parameter) => /^(?:charset="?utf-?8"?)?$/.test(parameter));
  return isUtf8 && /^application\/(?:[a-z0-9!#$&^_.-]+\+)?json$/.test(type) ? type : null;
}

/**
 * UTF-8 as text; null where it may not be UTF-8. This host's decoder puts U+FFFD in the place of what it cannot read, so whoever
 * really means U+FFFD passes.
 */
export function decodeBody(bytes: Uint8Array): string | null {
  // A mark of the byte order: some take it away, and others read something else than JSON.
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return null;
  const text = new TextDecoder().decode(bytes);
  return text.includes('\ufffd') ? null : text;
}
