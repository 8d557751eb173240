import type { ReadonlyFields } from '../../http/fields.ts';
import { joined } from '../../http/read-bytes.ts';
import { ENDED_EARLY } from '../ended-early.ts';
import { looksWhole } from '../looks-whole.ts';

/** Of a body whose end nothing announces so much is kept until it can be seen whether it is whole. */
const UNANNOUNCED_BYTES = 1_048_576;

/**
 * Hands a body on as it comes, and looks at its end whether it is whole: by its length, or else by what is in it.
 *
 * @param lengthBytes - As announced; null: nothing was.
 * @param mayBeEmpty - A body of no bytes is whole, though nothing announced its end.
 * @param onBroken - Before the end goes out, so that whoever has seen it does not find the broken body again.
 */
export function watched(
  stream: ReadableStream<Uint8Array>,
  lengthBytes: number | null,
  headers: ReadonlyFields,
  mayBeEmpty: boolean,
  onBroken: () => void,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  const kept: Uint8Array[] = [];
  let length = 0;

  async function isWhole(): Promise<boolean> {
    if (lengthBytes !== null) return length >= lengthBytes;
    if (length === 0) return mayBeEmpty;
    return length > UNANNOUNCED_BYTES || (await looksWhole(joined(kept, length), headers));
  }

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          length += value.byteLength;
          if (lengthBytes === null && length <= UNANNOUNCED_BYTES) kept.push(value);
          controller.enqueue(value);
          return;
        }
        if (await isWhole()) return controller.close();
      } catch (error) {
        onBroken();
        throw error;
      }
      onBroken();
      if (lengthBytes === null) controller.close();
      else controller.error(new Error(ENDED_EARLY));
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
