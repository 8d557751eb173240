import { readBytes } from '../http/read-bytes.ts';

/**
 * A body as text, up to `maxBytes`. The chunks are put together first: this host's TextDecoder cannot stream.
 *
 * @throws where the body is larger; the rest of it is not read.
 */
export async function readText(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const bytes = await readBytes(body, maxBytes);
  if (bytes === null) throw new Error('body too large');
  return new TextDecoder().decode(bytes);
}
