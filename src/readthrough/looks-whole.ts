import type { ReadonlyFields } from '../types/fields.ts';

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
    const plain = encoding === 'identity' ? bytes : await gunzip(bytes);
    if (!isJson && !isHtml) return true;
    const text = new TextDecoder().decode(plain);
    if (isJson) JSON.parse(text);
    return isJson || !/<html[\s>]/i.test(text) || /<\/html\s*>/i.test(text);
  } catch {
    return false;
  }
}

async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const compressed = new Response(bytes as Uint8Array<ArrayBuffer>).body;
  if (compressed === null) return bytes;
  return new Uint8Array(
    await new Response(compressed.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer(),
  );
}
