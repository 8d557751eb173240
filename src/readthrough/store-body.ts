import type { CoreWriter } from '../types.ts';

/** Reads a body whole. `null` where the origin sent more or less than it announced: such a body is not whole. */
export async function readWhole(response: Response, announced: number | null): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  return announced === null || announced === bytes.byteLength ? bytes : null;
}

/**
 * Copies a body into the cache, chunk by chunk. The object only becomes whole when the origin has ended it as
 * announced; on any error, or a wrong length, it is abandoned, and no later request will see it.
 */
export async function pumpBody(
  body: ReadableStream<Uint8Array>,
  writer: CoreWriter,
  announced: number | null,
): Promise<void> {
  const reader = body.getReader();
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.byteLength;
      writer.write(value);
    }
    if (announced !== null && announced !== length) throw new Error('the origin ended the body early');
    writer.close();
  } catch {
    writer.abandon();
  }
}

/** `Content-Length` as a number, or null where there is none that can be believed. */
export function announcedLength(headers: Headers): number | null {
  const value = headers.get('content-length');
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null;
}
