import { type HostMemory, NONE, OK } from './host-memory.ts';

interface CoreObject {
  readonly metadata: Buffer;
  readonly length: bigint | null;
  readonly maxAgeNs: bigint;
  readonly staleNs: bigint;
  readonly body: number;
  ageNs: bigint;
}

interface CoreEntry {
  readonly key: string;
  readonly object: CoreObject | null;
  isObliged: boolean;
}

/** cache_lookup_state */
const FOUND_USABLE = 3;
const STALE = 4;
const MUST_INSERT_OR_UPDATE = 8;
/** cache_write_options_mask */
const INITIAL_AGE = 8;
const STALE_WHILE_REVALIDATE = 16;
const LENGTH = 64;

/** `fastly_cache` with one object a key: nobody waits for another, there are no variants, and time goes by as the test says. */
export function hostCoreCache({ view, bytes, u32, u64, put }: HostMemory) {
  const objects = new Map<string, CoreObject>();
  const entries: CoreEntry[] = [];
  const closed: number[] = [];
  let bodies = 0;
  const open = (entry: CoreEntry) => entries.push(entry) - 1;
  const entry = (handle: number) => entries[handle] as CoreEntry;

  function lookUp(key: number, keyLen: number, handleOut: number, obliges: boolean) {
    const id = bytes(key, keyLen).toString('hex');
    const object = objects.get(id) ?? null;
    const isFresh = object !== null && object.ageNs < object.maxAgeNs;
    return u32(handleOut, open({ key: id, object, isObliged: obliges && !isFresh }));
  }

  function write(handle: number, mask: number, options: number, body: number): CoreObject {
    const at = (offset: number) => view().getUint32(options + offset, true);
    const at64 = (offset: number) => view().getBigUint64(options + offset, true);
    const object: CoreObject = {
      metadata: Buffer.from(bytes(at(56), at(60))),
      length: mask & LENGTH ? at64(48) : null,
      maxAgeNs: at64(0),
      staleNs: mask & STALE_WHILE_REVALIDATE ? at64(32) : 0n,
      ageNs: mask & INITIAL_AGE ? at64(24) : 0n,
      body,
    };
    entry(handle).isObliged = false;
    objects.set(entry(handle).key, object);
    return object;
  }

  function stateOf({ object, isObliged }: CoreEntry): number {
    const obligation = isObliged ? MUST_INSERT_OR_UPDATE : 0;
    if (object === null || object.ageNs >= object.maxAgeNs + object.staleNs) return obligation;
    return FOUND_USABLE | obligation | (object.ageNs >= object.maxAgeNs ? STALE : 0);
  }

  const calls = {
    lookup: (...[key, length, , , out]: number[]) =>
      lookUp(key as number, length as number, out as number, false),
    transaction_lookup: (...[key, length, , , out]: number[]) =>
      lookUp(key as number, length as number, out as number, true),
    transaction_insert(handle: number, mask: number, options: number, bodyOut: number) {
      bodies += 1;
      write(handle, mask, options, bodies);
      return u32(bodyOut, bodies);
    },
    transaction_insert_and_stream_back(
      handle: number,
      mask: number,
      options: number,
      bodyOut: number,
      out: number,
    ) {
      bodies += 1;
      const object = write(handle, mask, options, bodies);
      u32(bodyOut, bodies);
      return u32(out, open({ key: entry(handle).key, object, isObliged: false }));
    },
    transaction_update(handle: number, mask: number, options: number) {
      write(handle, mask, options, entry(handle).object?.body ?? 0);
      return OK;
    },
    transaction_cancel(handle: number) {
      entry(handle).isObliged = false;
      return OK;
    },
    close(handle: number) {
      closed.push(handle);
      return OK;
    },
    get_state: (handle: number, out: number) => u32(out, stateOf(entry(handle))),
    get_user_metadata(handle: number, out: number, room: number, writtenOut: number) {
      const { object } = entry(handle);
      return object === null ? NONE : put(object.metadata, out, room, writtenOut);
    },
    get_body: (handle: number, _mask: number, _options: number, out: number) =>
      u32(out, entry(handle).object?.body ?? 0),
    get_length(handle: number, out: number) {
      const length = entry(handle).object?.length ?? null;
      return length === null ? NONE : u64(out, length);
    },
    get_age_ns: (handle: number, out: number) => u64(out, entry(handle).object?.ageNs ?? 0n),
  };
  return {
    calls,
    closed,
    passSeconds(seconds: number) {
      for (const object of objects.values()) object.ageNs += BigInt(seconds) * 1_000_000_000n;
    },
  };
}
