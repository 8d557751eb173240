import { adapterFor } from '../../../cli/local-cache/adapter.ts';

/** A request or a response of the host. */
export interface Message {
  method?: string;
  uri?: string;
  status?: number;
  headers: [string, string][];
}

interface CoreObject {
  metadata: Buffer;
  length: bigint | null;
  maxAgeNs: bigint;
  staleNs: bigint;
  ageNs: bigint;
  body: number;
}

const OK = 0;
const BUFFER_TOO_SMALL = 4;
const NONE = 10;
/** cache_lookup_state of the core cache. */
const FOUND_USABLE = 3;
const STALE = 4;
const MUST_INSERT = 8;

/** The adapter on a host that keeps one object a key, in memory: no collapsing, no variants, a clock that the test moves. */
export async function startAdapter() {
  const adapter = await adapterFor(1);
  if (adapter === null) throw new Error('there is no adapter');
  const memory = new WebAssembly.Memory({ initial: adapter.pages });
  const view = () => new DataView(memory.buffer);
  const bytes = (at: number, length: number) => Buffer.from(memory.buffer, at, length);
  const text = (at: number, length: number) => bytes(at, length).toString('latin1');
  const u32 = (at: number, value: number) => view().setUint32(at, value, true);
  const u64 = (at: number, value: bigint) => view().setBigUint64(at, value, true);

  const messages: Message[] = [];
  const objects = new Map<string, CoreObject>();
  const handles: { key: string; object: CoreObject | null; obliged: boolean }[] = [];
  let bodies = 0;

  const add = (message: Message) => messages.push(message) - 1;
  const message = (handle: number) => messages[handle] as Message;
  const namesOf = ({ headers }: Message) => [...new Set(headers.map(([name]) => name.toLowerCase()))];
  const valuesOf = ({ headers }: Message, name: string) =>
    headers.filter(([one]) => one.toLowerCase() === name.toLowerCase()).map(([, value]) => value);

  function writeList(
    values: readonly string[],
    out: number,
    outLen: number,
    cursorOut: number,
    writtenOut: number,
  ) {
    const all = Buffer.from(values.map((value) => `${value}\0`).join(''), 'latin1');
    if (all.length > outLen) return BUFFER_TOO_SMALL;
    bytes(out, all.length).set(all);
    view().setBigInt64(cursorOut, -1n, true);
    u32(writtenOut, all.length);
    return OK;
  }
  function writeText(value: string, out: number, writtenOut: number) {
    bytes(out, value.length).write(value, 'latin1');
    u32(writtenOut, value.length);
    return OK;
  }
  const stateOf = ({ object, obliged }: { object: CoreObject | null; obliged: boolean }) => {
    if (object === null || object.ageNs >= object.maxAgeNs + object.staleNs) return obliged ? MUST_INSERT : 0;
    const isStale = object.ageNs >= object.maxAgeNs;
    return FOUND_USABLE | (isStale ? STALE : 0) | (obliged ? MUST_INSERT : 0);
  };
  function lookUp(key: number, keyLen: number, handleOut: number, obliges: boolean) {
    const id = bytes(key, keyLen).toString('hex');
    const object = objects.get(id) ?? null;
    const isFresh = object !== null && object.ageNs < object.maxAgeNs;
    u32(handleOut, handles.push({ key: id, object, obliged: obliges && !isFresh }) - 1);
    return OK;
  }
  function store(handle: number, mask: number, options: number, body: number): CoreObject {
    const at = (offset: number) => view().getUint32(options + offset, true);
    const at64 = (offset: number) => view().getBigUint64(options + offset, true);
    const object = {
      metadata: Buffer.from(bytes(at(56), at(60))),
      length: mask & 64 ? at64(48) : null,
      maxAgeNs: at64(0),
      staleNs: mask & 16 ? at64(32) : 0n,
      ageNs: mask & 8 ? at64(24) : 0n,
      body,
    };
    const entry = handles[handle];
    if (entry === undefined) throw new Error('no such handle');
    entry.obliged = false;
    objects.set(entry.key, object);
    return object;
  }
  const entry = (handle: number) => handles[handle] ?? { key: '', object: null, obliged: false };

  const headerCalls = {
    new: (out: number) => (u32(out, add({ headers: [] })), OK),
    close: () => OK,
    version_get: (_: number, out: number) => (u32(out, 2), OK),
    version_set: () => OK,
    header_names_get: (
      h: number,
      out: number,
      len: number,
      _cursor: number,
      cursorOut: number,
      written: number,
    ) => writeList(namesOf(message(h)), out, len, cursorOut, written),
    header_values_get: (
      ...[h, name, nameLen, out, len, _cursor, cursorOut, written]: [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ]
    ) => writeList(valuesOf(message(h), text(name, nameLen)), out, len, cursorOut, written),
    header_append: (h: number, name: number, nameLen: number, value: number, valueLen: number) => {
      message(h).headers.push([text(name, nameLen), text(value, valueLen)]);
      return OK;
    },
    header_remove: () => OK,
  };
  const host: Record<string, Record<string, unknown>> = {
    env: { memory },
    wasi_snapshot_preview1: {
      environ_sizes_get: (count: number, size: number) => (u32(count, 1), u32(size, 26), OK),
      environ_get(pointers: number, at: number) {
        u32(pointers, at);
        bytes(at, 26).write('FASTLY_HOSTNAME=localhost\0');
        return OK;
      },
      clock_time_get: (_clock: number, _precision: bigint, out: number) => (u64(out, 0n), OK),
      fd_write: () => OK,
    },
    fastly_http_req: {
      ...headerCalls,
      method_get: (h: number, out: number, _len: number, written: number) =>
        writeText(message(h).method ?? 'GET', out, written),
      method_set: (h: number, at: number, length: number) => ((message(h).method = text(at, length)), OK),
      uri_get: (h: number, out: number, _len: number, written: number) =>
        writeText(message(h).uri ?? '', out, written),
      uri_set: (h: number, at: number, length: number) => ((message(h).uri = text(at, length)), OK),
    },
    fastly_http_resp: {
      ...headerCalls,
      status_get: (h: number, out: number) => (view().setUint16(out, message(h).status ?? 200, true), OK),
      status_set: (h: number, status: number) => ((message(h).status = status), OK),
    },
    fastly_http_body: {
      new: (out: number) => (u32(out, ++bodies), OK),
      close: () => OK,
    },
    fastly_purge: { purge_surrogate_key: () => OK },
    fastly_cache: {
      lookup: (key: number, len: number, _mask: number, _options: number, out: number) =>
        lookUp(key, len, out, false),
      transaction_lookup: (key: number, len: number, _mask: number, _options: number, out: number) =>
        lookUp(key, len, out, true),
      transaction_insert(handle: number, mask: number, options: number, bodyOut: number) {
        u32(bodyOut, ++bodies);
        store(handle, mask, options, bodies);
        return OK;
      },
      transaction_insert_and_stream_back(
        handle: number,
        mask: number,
        options: number,
        bodyOut: number,
        out: number,
      ) {
        u32(bodyOut, ++bodies);
        const object = store(handle, mask, options, bodies);
        u32(out, handles.push({ key: entry(handle).key, object, obliged: false }) - 1);
        return OK;
      },
      transaction_update(handle: number, mask: number, options: number) {
        store(handle, mask, options, entry(handle).object?.body ?? 0);
        return OK;
      },
      transaction_cancel: (handle: number) => ((entry(handle).obliged = false), OK),
      close: () => OK,
      get_state: (handle: number, out: number) => (u32(out, stateOf(entry(handle))), OK),
      get_user_metadata(handle: number, out: number, len: number, written: number) {
        const { object } = entry(handle);
        if (object === null) return NONE;
        if (object.metadata.length > len) return BUFFER_TOO_SMALL;
        bytes(out, len).set(object.metadata);
        u32(written, object.metadata.length);
        return OK;
      },
      get_body: (handle: number, _mask: number, _options: number, out: number) => (
        u32(out, entry(handle).object?.body ?? 0), OK
      ),
      get_length(handle: number, out: number) {
        const length = entry(handle).object?.length ?? null;
        if (length === null) return NONE;
        u64(out, length);
        return OK;
      },
      get_age_ns: (handle: number, out: number) => (u64(out, entry(handle).object?.ageNs ?? 0n), OK),
    },
  };
  const { instance } = await WebAssembly.instantiate(
    Uint8Array.from(adapter.wasm),
    host as WebAssembly.Imports,
  );
  const calls = instance.exports as Record<string, (...args: number[]) => number>;

  return {
    calls,
    add,
    message,
    view,
    text,
    /** Room for the test's own structs: the service's memory. */
    scratch: 1024,
    /** Lets time go by for all that is stored. */
    passSeconds(seconds: number) {
      for (const object of objects.values()) object.ageNs += BigInt(seconds) * 1_000_000_000n;
    },
  };
}
