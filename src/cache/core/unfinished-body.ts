import { originFailure } from '../../origin/origin-failure.ts';
import type { CoreEntry } from '../../types/platform.ts';
import type { BodySource } from '../../types/readthrough.ts';

/**
 * Whether a body that has come to its end is whole: a reader is told of a connection that broke off as of an end, but of a body that is
 * not whole the cache never knows the length. Where nothing is known of it any more, it is not.
 *
 * @param again - Finds what is there now: what one look-up knows of a length may be as old as the look-up.
 */
export function isWhole(entry: CoreEntry, again: () => CoreEntry | null): boolean {
  if (entry.lengthBytes !== null) return true;
  const found = again();
  // Something else may stand there by now: a marker has a length.
  const isSame = found?.found === true && found.metadata() === entry.metadata();
  const isKnown = isSame && found.lengthBytes !== null;
  found?.close();
  return isKnown;
}

/**
 * A body that is still being written: its stream fails where it turns out not to be whole.
 *
 * @param whoFetches - false: somebody who has found it. They wait for its first bytes, so that one which is taken back before it has any
 *   is an error and no answer that breaks off: they can ask again.
 */
export function unfinishedSource(
  entry: CoreEntry,
  again: () => CoreEntry | null,
  onCutOff: () => void,
  whoFetches: boolean,
): BodySource {
  const reader = entry.body().getReader();
  const next = async () => {
    const read = await reader.read();
    if (read.done && !isWhole(entry, again))
      throw originFailure(new Error('the origin ended the body early'));
    return read;
  };
  return {
    lengthBytes: null,
    slice: null,
    async open() {
      let first = whoFetches ? null : await next();
      return new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            const { done, value } =
              first ??
              (await next().catch((error: unknown) => {
                onCutOff();
                throw error;
              }));
            first = null;
            if (done) controller.close();
            else controller.enqueue(value);
          },
          cancel: (reason) => reader.cancel(reason),
        },
        { highWaterMark: 0 },
      );
    },
    discard() {
      reader.cancel().catch(() => {});
    },
  };
}
