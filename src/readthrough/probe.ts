import { joined } from '../http/read-bytes.ts';
import type { CoreEntry } from '../types/platform.ts';
import { within } from './patience.ts';
import { isWhole } from './unfinished-body.ts';

/** What has been seen of a body so far. */
interface Seen {
  readonly bytes: Uint8Array;
  /** `broken`: it is known not to be whole. `more`: it goes on. */
  readonly state: 'ended' | 'broken' | 'more';
}

export interface Probe {
  /** Reads until the body ends, more than `limitBytes` have come, or nothing has come for `quietMs`. */
  look(limitBytes: number, quietMs: number): Promise<Seen>;
  /** Reads on to the end, or until more than `limitBytes` have come. Silence for `timeoutMs` counts as broken. */
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
        if (read.done) return seen(isWhole(entry, again) ? 'ended' : 'broken');
        chunks.push(read.value);
        length += read.value.byteLength;
      }
      return seen('more');
    } catch {
      return seen('broken');
    }
  }

  return {
    look: (limitBytes, quietMs) => readOn(limitBytes, (read) => orQuiet(read, quietMs)),
    async watch(limitBytes, timeoutMs) {
      const all = await readOn(limitBytes, (read) => within(read, timeoutMs));
      if (all.state !== 'ended') await reader.cancel().catch(() => {});
      return all;
    },
  };
}

/** null: nothing has come for so long. The work goes on. */
function orQuiet<T>(work: Promise<T>, quietMs: number): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), quietMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
