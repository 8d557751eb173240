import { EdgeError } from '../../errors.ts';
import type { NamedFields } from '../../http/fields.ts';
import { ENDED_EARLY } from '../ended-early.ts';
import { announcedLength } from '../store-body.ts';

/** A purge came by while the response was on its way, or was being stored. */
export class PurgedMeanwhile extends Error {
  override readonly name = 'PurgedMeanwhile';
}

/** An object that is in the cache, and the moment in which it can be taken back. */
export interface Publication {
  readonly isIntact: () => boolean;
  /** Takes this object alone out of the cache. */
  readonly takeBack: () => void;
}

/**
 * The check of a small body before anybody gets a byte of it: null where it is large, or its length is not announced. By then the
 * object is in the cache. A purge takes the sentinel until that moment, and the object from then on: asked after it, none is missed.
 * Whoever has found the object meanwhile waits for its body, and does not get it.
 *
 * @returns a function that throws where the body must not be given out.
 */
export function publicationCheck(
  headers: NamedFields,
  bufferBytes: number,
  { isIntact, takeBack }: Publication,
): ((body: Uint8Array) => void) | null {
  const length = announcedLength(headers);
  if (length === null || length === 0 || length > bufferBytes) return null;
  return (body) => {
    if (body.byteLength === length && isIntact()) return;
    // Before those who wait for the body are told that there is none, and look again.
    takeBack();
    if (body.byteLength === length) throw new PurgedMeanwhile();
    const cause = new Error(ENDED_EARLY);
    throw new EdgeError('ERR_ORIGIN_UNREACHABLE', { cause });
  };
}
