import type { ReadonlyFields } from '../http/fields.ts';
import { gunzip } from '../http/gunzip.ts';
import { isTooDeep } from '../http/json-depth.ts';

/** A short body may unpack to more than a sandbox has. */
const MAX_UNPACKED_BYTES = 16_777_216;

/**
 * Whether a body without an announced length shows that it was cut off. The runtime reads a broken chunked body as one
 * that has ended, so that only the content itself can tell: JSON that does not parse, HTML that does not close, gzip
 * that does not end. Of other content nothing is known.
 */
export async function looksWhole(bytes: Uint8Array, headers: ReadonlyFields): Promise<boolean> {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isJson = /^application\/(?:.+\+)?json$/.test(type);
  const isHtml = type === 'text/html' || type === 'application/xhtml+xml';
  if (encoding !== 'gzip' && encoding !== 'x-gzip' && encoding !== 'identity') return true;
  try {
    const plain = encoding === 'identity' ? bytes : await gunzip(bytes, MAX_UNPACKED_BYTES);
    if (plain === null || (isJson && isTooDeep(plain))) return false;
    if (encoding !== 'identity' && !endsAsGzip(bytes, plain.byteLength)) return false;
    if (!isJson && !isHtml) return true;
    const text = new TextDecoder().decode(plain);
    if (isJson) JSON.parse(text);
    return isJson || !/<html[\s>]/i.test(text) || /<\/html\s*>/i.test(text);
  } catch {
    return false;
  }
}

/** Packed bytes end with the length of the plain ones (RFC 1952 section 2.3.1): this runtime unpacks what was cut off without an error. */
function endsAsGzip(bytes: Uint8Array, plainLength: number): boolean {
  if (bytes.byteLength < 18) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(bytes.byteLength - 4, true) === plainLength;
}

/** The same of a body that is too long to be read as a whole, by its last bytes. Of packed content nothing is known there. */
export function endsWhole(tail: Uint8Array, headers: ReadonlyFields): boolean {
  if ((headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity') !== 'identity') return true;
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const text = new TextDecoder().decode(tail).trimEnd();
  if (/^application\/(?:.+\+)?json$/.test(type)) return /[\]}"\w]$/.test(text);
  return type !== 'text/html' || /<\/html\s*>/i.test(text);
}
