import type { CoreWriter } from '../../platform/core-cache-port.ts';

/**
 * Gives an object that has just been inserted its body, unless a purge came by first. Until the insertion a purge takes the
 * sentinel, from then on the object: asked between the two, none is missed. Whoever has found the object meanwhile waits for
 * its body, and does not get it.
 *
 * @param evict - Puts something else in the object's place: the local server keeps what was abandoned.
 * @returns whether it was published.
 */
export function publish(
  writer: CoreWriter,
  body: Uint8Array,
  isIntact: () => boolean,
  evict: () => void,
): boolean {
  if (!isIntact()) {
    evict();
    writer.abandon();
    return false;
  }
  if (body.byteLength > 0) writer.write(body);
  writer.close();
  return true;
}
