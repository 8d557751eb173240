import type { NamedFields } from '../http/fields.ts';
import { joined } from '../http/read-bytes.ts';
import type { CoreWriter } from '../platform/core-cache-port.ts';
import { atMost, within } from '../platform/deadline.ts';
import { ENDED_EARLY } from './ended-early.ts';

/** The beginning of a body, and the reader that has the rest of it; null: that was all. */
export interface ReadSoFar {
  readonly bytes: Uint8Array;
  readonly rest: ReadableStreamDefaultReader<Uint8Array> | null;
}

/**
 * Reads a body until it ends, or until more than `limitBytes` have come.
 *
 * @param timeoutMs - null: the source never keeps anybody waiting.
 * @throws {EdgeError} ERR_ORIGIN_TIMEOUT where nothing came for `timeoutMs`.
 */
export async function readUpTo(
  stream: ReadableStream<Uint8Array>,
  limitBytes: number,
  timeoutMs: number | null,
): Promise<ReadSoFar> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= limitBytes) {
    const { done, value } = await (timeoutMs === null ? reader.read() : within(reader.read(), timeoutMs));
    if (done) return { bytes: joined(chunks, length), rest: null };
    chunks.push(value);
    length += value.byteLength;
  }
  return { bytes: joined(chunks, length), rest: reader };
}

/** A body on its way into the cache. */
interface Pump {
  /**
   * Whether it became whole. If not, the caller has to take it out of the cache: the local server keeps what was abandoned.
   */
  readonly done: Promise<boolean>;
  /** Waits for the end, but no longer than `durationMs`, and not for an origin that has been silent for `quietMs`. */
  headStart(durationMs: number, quietMs: number): Promise<void>;
}

/**
 * Copies a body into the cache, chunk by chunk. The object only becomes whole when the origin has ended it as
 * announced; on any error, or a wrong length, it is abandoned.
 */
export function startPump(
  { bytes, rest }: ReadSoFar,
  writer: CoreWriter,
  announced: number | null,
  timeoutMs: number,
): Pump {
  let length = bytes.byteLength;
  let hasEnded = false;
  const copy = async () => {
    try {
      if (length > 0) writer.write(bytes);
      while (rest !== null) {
        const { done, value } = await within(rest.read(), timeoutMs);
        if (done) break;
        length += value.byteLength;
        writer.write(value);
      }
      if (announced !== null && announced !== length) throw new Error(ENDED_EARLY);
      writer.close();
      return true;
    } catch {
      writer.abandon();
      rest?.cancel().catch(() => {});
      return false;
    } finally {
      hasEnded = true;
    }
  };
  const done = copy();
  return {
    done,
    async headStart(durationMs, quietMs) {
      for (let waitedMs = 0; waitedMs < durationMs; waitedMs += quietMs) {
        const before = length;
        await atMost(done, quietMs);
        if (hasEnded || length === before) return;
      }
    },
  };
}

/** The whole as a stream again: what was read, and what is still to come. */
export function restOf({ bytes, rest }: ReadSoFar): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      if (rest === null) controller.close();
    },
    async pull(controller) {
      const next = await rest?.read();
      if (next === undefined || next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: (reason) => rest?.cancel(reason),
  });
}

/** `Content-Length` as a number, or null where there is none that can be believed. */
export function announcedLength(headers: NamedFields): number | null {
  const value = headers.get('content-length');
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null;
}
