import type { CoreEntry } from '../types/platform.ts';

/**
 * Whether a body that has come to its end is whole: a reader is told of a connection that broke off as of an end, but of a body that is
 * not whole the cache never knows the length.
 *
 * @param again - Finds the same object anew: what one look-up knows of a length may be as old as the look-up.
 */
export function isWhole(entry: CoreEntry, again: () => CoreEntry | null): boolean {
  if (entry.lengthBytes !== null) return true;
  const found = again();
  // Purged meanwhile: then nothing is known of it, and nobody finds it.
  const isKnown = found?.found !== true || found.lengthBytes !== null;
  found?.close();
  return isKnown;
}

/** A body that is still being written: the stream fails where it turns out not to be whole. */
export function unfinishedBody(
  entry: CoreEntry,
  again: () => CoreEntry | null,
  onCutOff: () => void,
): ReadableStream<Uint8Array> {
  const reader = entry.body().getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          onCutOff();
          throw error;
        });
        if (!done) return controller.enqueue(value);
        if (isWhole(entry, again)) return controller.close();
        onCutOff();
        controller.error(new Error('the origin ended the body early'));
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
