import { originFailure } from '../../origin/origin-failure.ts';
import type { CoreEntry } from '../../platform/core-cache-port.ts';
import type { BodySource } from '../cache-engine.ts';
import { ENDED_EARLY } from '../ended-early.ts';
import { parseStored } from './stored-object.ts';

/** `gone`: purged, expired or replaced since. That is no reason to think that the origin broke off. */
export type BodyEnd = 'whole' | 'broken' | 'gone';

/**
 * How a body ended: a reader is told of a connection that broke off as of an end, but of a body that is not whole the cache never
 * knows the length.
 *
 * @param again - Finds what is there now: what one look-up knows of a length may be as old as the look-up.
 */
export function endOf(entry: CoreEntry, again: () => CoreEntry | null): BodyEnd {
  if (entry.lengthBytes !== null) return 'whole';
  const found = again();
  if (found?.found !== true) return 'gone';
  const own = entry.metadata();
  const current = found.metadata();
  const length = found.lengthBytes;
  found.close();
  if (current === own) return length === null ? 'broken' : 'whole';
  const { brokenStream } = parseStored(current) ?? {};
  return brokenStream !== undefined && brokenStream === parseStored(own)?.stream ? 'broken' : 'gone';
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
    if (read.done && endOf(entry, again) === 'broken') throw originFailure(new Error(ENDED_EARLY));
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
