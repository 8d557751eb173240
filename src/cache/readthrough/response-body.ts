import type { ReadonlyFields } from '../../http/fields.ts';
import { streamSource } from '../body-source.ts';
import type { BodySource, CacheTask } from '../cache-engine.ts';
import { announcedLength } from '../store-body.ts';
import { watched } from './watched.ts';

/** `stored`: it was in the cache. `arriving`: it is on its way there. `passing`: it is nobody else's. */
export type BodyWay = 'stored' | 'arriving' | 'passing';

/**
 * A body as the platform's cache hands it on. A part of a stored one is read by reading up to it.
 *
 * @param onBroken - It is not whole: nobody else is to get it.
 */
export function responseBody(
  stream: ReadableStream<Uint8Array>,
  headers: ReadonlyFields,
  task: Pick<CacheTask, 'bufferBytes' | 'betweenBytesTimeoutMs'>,
  way: BodyWay,
  status: number,
  onBroken: () => void,
): BodySource {
  const lengthBytes = announcedLength(headers);
  const isSmall = lengthBytes !== null && lengthBytes <= task.bufferBytes;
  // What is small is counted when it is read to its end, and what is stored was watched on its way.
  // A redirect is often empty. A page is not: nothing came of it before the origin broke off.
  const body =
    isSmall || way !== 'arriving' ? stream : watched(stream, lengthBytes, headers, status !== 200, onBroken);
  const source = streamSource(body, lengthBytes, task);
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
        : way === 'stored' && lengthBytes !== null
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
