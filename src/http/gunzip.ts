import { readBytes } from './read-bytes.ts';

/** Unpacks gzip; null where there would be more than `limitBytes`. Rejects where it is no gzip, or does not end. */
export async function gunzip(bytes: Uint8Array, limitBytes: number): Promise<Uint8Array | null> {
  const packed = new Response(bytes as Uint8Array<ArrayBuffer>).body;
  return packed === null ? bytes : readBytes(packed.pipeThrough(new DecompressionStream('gzip')), limitBytes);
}
