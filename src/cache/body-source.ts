import { originFailure } from '../origin/origin-failure.ts';
import type { CoreEntry } from '../platform/core-cache-port.ts';
import type { BodySource, CacheTask } from './cache-engine.ts';
import { readUpTo } from './store-body.ts';

type BodyLimits = Pick<CacheTask, 'bufferBytes' | 'betweenBytesTimeoutMs'>;

/** A body in memory. */
export function bytesSource(bytes: Uint8Array): BodySource {
  return {
    lengthBytes: bytes.byteLength,
    open: async () => bytes,
    slice: async (start, end) => bytes.subarray(start, end),
    discard() {},
  };
}

/** A body on its way. What is announced to be small is sent whole, so that it goes out with its length. */
export function streamSource(
  stream: ReadableStream<Uint8Array>,
  lengthBytes: number | null,
  { bufferBytes, betweenBytesTimeoutMs }: BodyLimits,
): BodySource {
  const isSmall = lengthBytes !== null && lengthBytes <= bufferBytes;
  return {
    lengthBytes,
    open: async () => (isSmall ? whole(stream, lengthBytes, betweenBytesTimeoutMs) : stream),
    slice: isSmall
      ? async (start, end) => (await whole(stream, lengthBytes, betweenBytesTimeoutMs)).subarray(start, end)
      : null,
    discard() {
      stream.cancel().catch(() => {});
    },
  };
}

/**
 * A body in the cache, opened when it is asked for: an answer without one (304, HEAD) costs no read. What is small was put there
 * whole, so that there is nothing to wait for.
 */
export function storedSource(entry: CoreEntry, lengthBytes: number, { bufferBytes }: BodyLimits): BodySource {
  const isSmall = lengthBytes <= bufferBytes;
  return {
    lengthBytes,
    open: async () => (isSmall ? whole(entry.body(), lengthBytes, null) : entry.body()),
    slice: async (start, end) =>
      isSmall
        ? (await whole(entry.body(), lengthBytes, null)).subarray(start, end)
        : entry.body({ start, end: end - 1 }),
    discard: () => entry.close(),
  };
}

async function whole(
  stream: ReadableStream<Uint8Array>,
  lengthBytes: number,
  timeoutMs: number | null,
): Promise<Uint8Array> {
  const { bytes, rest } = await readUpTo(stream, lengthBytes, timeoutMs);
  // Never half a page under a whole page's name.
  if (rest !== null || bytes.byteLength !== lengthBytes)
    throw originFailure(new Error('a body has another length than was announced'));
  return bytes;
}
