/** Unpacks gzip; null where there would be more than `limitBytes`. Rejects where it is no gzip, or does not end. */
export async function gunzip(bytes: Uint8Array, limitBytes: number): Promise<Uint8Array | null> {
  const packed = new Response(bytes as Uint8Array<ArrayBuffer>).body;
  if (packed === null) return bytes;
  const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > limitBytes) {
      await reader.cancel().catch(() => {});
      return null;
    }
    chunks.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}
