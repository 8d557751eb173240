import type { Fields, ReadonlyFields } from './fields.ts';
import { HeaderFields } from './header-fields.ts';
import { stripHopByHop } from './hop-by-hop.ts';
import { parseHttpDate } from './http-date.ts';

/** Fields of a 304 that describe the absent body, not the stored response (RFC 9111 section 3.2), beside those of one hop. */
const NOT_UPDATED = new Set([
  'content-length',
  'content-encoding',
  'content-range',
  'content-md5',
  'etag',
  'set-cookie',
]);
/** What a 304 repeats of the 200 that it stands for (RFC 9110 section 15.4.5). */
const OF_NOT_MODIFIED =
  /^(?:cache-control|cache-status|content-location|date|etag|expires|vary|age|x-cache|x-auth-route|last-modified|access-control-.*|server-timing|strict-transport-security)$/;

const CONDITIONS = ['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since'];

export type Precondition = 'none' | 'not-modified' | 'failed';

/** Evaluates the preconditions of a request against the response it would get (RFC 9110 section 13.2.2). */
export function evaluatePreconditions(
  method: string,
  request: ReadonlyFields,
  response: ReadonlyFields,
  nowMs: number,
): Precondition {
  if (!CONDITIONS.some((name) => request.has(name))) return 'none';
  const etag = response.get('etag');
  const modified = dateOf(response, 'last-modified', nowMs);

  const ifMatch = request.get('if-match');
  const ifUnmodified = dateOf(request, 'if-unmodified-since', nowMs);
  if (ifMatch !== null) {
    if (!matches(ifMatch, etag, 'strong')) return 'failed';
  } else if (ifUnmodified !== null && modified !== null && modified > ifUnmodified) return 'failed';

  if (method !== 'GET' && method !== 'HEAD' && method !== 'QUERY') return 'none';
  const ifNoneMatch = request.get('if-none-match');
  if (ifNoneMatch !== null) return matches(ifNoneMatch, etag, 'weak') ? 'not-modified' : 'none';
  const ifModified = dateOf(request, 'if-modified-since', nowMs);
  return ifModified !== null && modified !== null && modified <= ifModified ? 'not-modified' : 'none';
}

/** The headers of the 304 that stands for a response. */
export function notModifiedHeaders(headers: ReadonlyFields): Fields {
  const kept = new HeaderFields();
  for (const [name, value] of headers) if (OF_NOT_MODIFIED.test(name)) kept.append(name, value);
  return kept;
}

/** Request headers that ask an origin whether what is stored still holds; none where it has no validator. */
export function validatorsFor(stored: ReadonlyFields): readonly (readonly [string, string])[] {
  const etag = stored.get('etag');
  const modified = stored.get('last-modified');
  return [
    ...(etag === null ? [] : [['if-none-match', etag] as const]),
    ...(modified === null ? [] : [['if-modified-since', modified] as const]),
  ];
}

/** Stored headers after a 304 (RFC 9111 section 3.2). */
export function updateStored(stored: ReadonlyFields, notModified: ReadonlyFields): Fields {
  const merged = new HeaderFields(stored);
  // The age of the stored response ends with its renewal.
  merged.delete('age');
  const update = new HeaderFields(notModified);
  stripHopByHop(update);
  for (const [name, value] of update) if (!NOT_UPDATED.has(name)) merged.set(name, value);
  return merged;
}

/** `"a", W/"b"` or `*` against an entity tag; commas may stand inside a tag. */
export function matches(list: string, etag: string | null, comparison: 'weak' | 'strong'): boolean {
  if (list.trim() === '*') return etag !== null;
  if (etag === null) return false;
  const tags: readonly string[] = list.match(/(?:W\/)?"[^"]*"/g) ?? [];
  const opaque = (tag: string) => tag.replace(/^W\//, '');
  if (comparison === 'weak') return tags.some((tag) => opaque(tag) === opaque(etag));
  return !etag.startsWith('W/') && tags.includes(etag);
}

function dateOf(headers: ReadonlyFields, name: string, nowMs: number): number | null {
  const value = headers.get(name);
  return value === null ? null : parseHttpDate(value, nowMs);
}
