import type { ReadonlyFields } from '../types/fields.ts';
import type { BodySource, CacheTask } from '../types/readthrough.ts';
import { streamSource } from './body-source.ts';
import { announcedLength } from './store-body.ts';

/**
 * A body out of the platform's cache.
 *
 * @param isWhole - It has been stored to its end: a part of it can be had by reading up to that part.
 * @param onBroken - It is shorter than was announced: nobody else is to get it.
 */
export function nativeBody(
  stream: ReadableStream<Uint8Array>,
  headers: ReadonlyFields,
  task: Pick<CacheTask, 'bufferBytes' | 'betweenBytesTimeoutMs'>,
  isWhole: boolean,
  onBroken: () => void,
): BodySource {
  const lengthBytes = announcedLength(headers);
  const source = streamSource(stream, lengthBytes, task);
  const { slice } = source;
  const guarded = async <T>(body: Promise<T>): Promise<T> => {
    try {
      return await body;
    } catch (error) {
      onBroken();
      throw error;
    }
  };
  return {
    ...source,
    open: () => guarded(source.open()),
    slice:
      slice !== null
        ? (start, end) => guarded(slice(start, end))
        : isWhole && lengthBytes !== null
          ? async (start, end) => partOf(stream, start, end)
          : null,
  };
}

/** The bytes from `start` up to, without, `end`. */
function partOf(stream: ReadableStream<Uint8Array>, start: number, end: number): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  let at = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return controller.error(new Error('a stored body is shorter than was announced'));
        const part = value.subarray(Math.max(0, start - at), Math.max(0, end - at));
        at += value.byteLength;
        if (part.byteLength > 0) controller.enqueue(part);
        if (at >= end) {
          controller.close();
          reader.cancel().catch(() => {});
        }
        if (part.byteLength > 0 || at >= end) return;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
