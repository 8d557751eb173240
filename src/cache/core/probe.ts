import { joined } from '../../http/read-bytes.ts';
import type { CoreEntry } from '../../platform/core-cache-port.ts';
import { within } from '../../platform/deadline.ts';
import { endOf } from './unfinished-body.ts';

/** What has been seen of a body so far. */
interface Seen {
  /** Of a `long` one the last bytes. */
  readonly bytes: Uint8Array;
  /**
   * `broken`: it is known not to be whole. `gone`: it has ended, and is not in the cache any more. `more`: it goes on. `long`: it has
   * ended, beyond what is looked into.
   */
  readonly state: 'ended' | 'broken' | 'gone' | 'more' | 'long';
}

export interface Probe {
  /** Reads until the body ends, more than `limitBytes` have come, or nothing has come for `quietMs`. */
  look(limitBytes: number, quietMs: number): Promise<Seen>;
  /** Reads on to the end, and keeps `limitBytes` at most. Silence for `timeoutMs` counts as broken. */
  watch(limitBytes: number, timeoutMs: number): Promise<Seen>;
}

type Read = ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>;

/** Watches an object while the host writes its body, to learn how it ends. `again`: see `isWhole`. */
export function probeOf(entry: CoreEntry, again: () => CoreEntry | null): Probe {
  const reader = entry.body().getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  /** A read that is under way. */
  let pending: Read | null = null;

  const stateAtEnd = (whole: 'ended' | 'long') => {
    const end = endOf(entry, again);
    return end === 'whole' ? whole : end;
  };
  const seen = (state: Seen['state']): Seen => ({ bytes: joined(chunks, length), state });

  async function readOn(
    limitBytes: number,
    next: (read: Read) => Promise<Awaited<Read> | null>,
  ): Promise<Seen> {
    try {
      while (length <= limitBytes) {
        pending ??= reader.read();
        const read = await next(pending);
        if (read === null) return seen('more');
        pending = null;
        if (read.done) return seen(stateAtEnd('ended'));
        chunks.push(read.value);
        length += read.value.byteLength;
      }
      return seen('more');
    } catch {
      return seen('broken');
    }
  }

  /** The rest of a body that is too long to be kept in memory. */
  async function toTheEnd(timeoutMs: number): Promise<Seen> {
    let tail = lastOf(joined(chunks, length));
    chunks.length = 0;
    try {
      for (;;) {
        const { done, value } = await within(reader.read(), timeoutMs);
        if (done) return { bytes: tail, state: stateAtEnd('long') };
        tail = lastOf(joined([tail, value], tail.byteLength + value.byteLength));
      }
    } catch {
      return { bytes: tail, state: 'broken' };
    }
  }

  return {
    look: (limitBytes, quietMs) => readOn(limitBytes, (read) => orQuiet(read, quietMs)),
    async watch(limitBytes, timeoutMs) {
      let all = await readOn(limitBytes, (read) => within(read, timeoutMs));
      if (all.state === 'more') all = await toTheEnd(timeoutMs);
      if (all.state === 'broken') await reader.cancel().catch(() => {});
      return all;
    },
  };
}

/** Enough for a closing tag and what stands behind it. */
const TAIL_BYTES = 256;

function lastOf(bytes: Uint8Array): Uint8Array {
  return bytes.slice(Math.max(0, bytes.byteLength - TAIL_BYTES));
}

/** null: nothing has come for so long. The work goes on. */
function orQuiet<T>(work: Promise<T>, quietMs: number): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), quietMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
