import { adapterFor } from '../../../cli/local-cache/adapter.ts';
import { hostCoreCache } from './host-core-cache.ts';
import { hostMemory, OK } from './host-memory.ts';
import { hostMessages, type Message } from './host-messages.ts';

const SECOND = 1_000_000_000n;
const ACTIONS = ['insert', 'update', 'do not store', 'record uncacheable'];
const STATES: readonly (readonly [bit: number, name: string])[] = [
  [1, 'found'],
  [2, 'usable'],
  [4, 'stale'],
  [8, 'must insert'],
  [16, 'usable if error'],
];
/** In the service's memory, which the adapter leaves alone: out-parameters, the structs of options, buffers. */
const OUT = 1024;
const [GIVEN, MASK, OPTIONS, RULE, KEYS, ROOM] = [4096, 8192, 12_288, 20_000, 21_000, 500];

export type Headers = Readonly<Record<string, string>>;

/** The adapter on a host in memory, whose calls a test makes as js-compute does. */
export async function startAdapter() {
  const adapter = await adapterFor(1);
  if (adapter === null) throw new Error('there is no adapter');
  const memory = new WebAssembly.Memory({ initial: adapter.pages });
  const host = hostMemory(memory);
  const { view, text, u32, u64 } = host;
  const { add, message, requests, responses } = hostMessages(host);
  const cache = hostCoreCache(host);
  const environment = Buffer.from('FASTLY_HOSTNAME=localhost\0');
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(adapter.wasm), {
    env: { memory },
    fastly_cache: cache.calls,
    fastly_http_req: requests,
    fastly_http_resp: responses,
    fastly_http_body: { new: (out: number) => u32(out, 0), close: () => OK },
    fastly_purge: { purge_surrogate_key: () => OK },
    wasi_snapshot_preview1: {
      environ_sizes_get: (count: number, size: number) => u32(count, 1) + u32(size, environment.length),
      environ_get: (pointers: number, at: number) =>
        u32(pointers, at) + host.put(environment, at, environment.length, OUT),
      clock_time_get: (_clock: number, _precision: bigint, out: number) => u64(out, 0n),
      fd_write: () => OK,
    },
  });
  const exported = instance.exports as Record<string, (...args: number[]) => number>;
  const out = (index: number) => OUT + index * 8;
  const read = (index: number) => view().getUint32(out(index), true);
  const ask = (name: string, ...args: number[]) => exported[name]?.(...args) ?? -1;

  /** A host call that must not fail. */
  function call(name: string, ...args: number[]): void {
    const status = ask(name, ...args);
    if (status !== OK) throw new Error(`${name} answers ${status}`);
  }
  function stateOf(handle: number): string[] {
    call('get_state', handle, out(0));
    const bits = read(0);
    return STATES.filter(([bit]) => bits & bit).map(([, name]) => name);
  }
  const request = (headers: Headers = {}, more: Partial<Message> = {}) =>
    add({ method: 'GET', uri: 'https://example.com/a', ...more, headers: Object.entries(headers) });
  const response = (status: number, headers: Headers) => add({ status, headers: Object.entries(headers) });

  /** get_suggested_cache_options, all of them; they stay at OPTIONS. */
  function suggested(handle: number, status: number, headers: Headers) {
    u32(GIVEN + 8, RULE);
    u32(GIVEN + 12, ROOM);
    u32(GIVEN + 32, KEYS);
    u32(GIVEN + 36, ROOM);
    const candidate = response(status, headers);
    call('get_suggested_cache_options', handle, candidate, 0xfe, GIVEN, MASK, OPTIONS);
    const bits = view().getUint32(MASK, true);
    const seconds = (offset: number) => Number(view().getBigUint64(OPTIONS + offset, true) / SECOND);
    const list = (offset: number, bit: number) => {
      const [at, length] = [0, 4].map((next) => view().getUint32(OPTIONS + offset + next, true)) as [
        number,
        number,
      ];
      return bits & bit ? text(at, length) : null;
    };
    return {
      maxAge: seconds(0),
      vary: list(8, 2),
      age: seconds(16),
      swr: seconds(24),
      keys: list(32, 16),
      length: bits & 32 ? Number(view().getBigUint64(OPTIONS + 40, true)) : null,
      sie: seconds(48),
    };
  }

  return {
    ask,
    call,
    stateOf,
    request,
    suggested,
    passSeconds: cache.passSeconds,
    /** Handles of the core cache that were closed, in order. */
    closed: cache.closed,
    lookUp(of: number): { readonly handle: number; readonly state: string[] } {
      call('transaction_lookup', of, 0, 0, out(1));
      return { handle: read(1), state: stateOf(read(1)) };
    },
    prepared(handle: number, status: number, headers: Headers) {
      call('prepare_response_for_storage', handle, response(status, headers), out(1), out(2));
      return { action: ACTIONS[read(1)], message: message(read(2)) };
    },
    /** Stores a response with what is suggested for it. */
    store(handle: number, status: number, headers: Headers): void {
      suggested(handle, status, headers);
      const bits = view().getUint32(MASK, true);
      call(
        'transaction_insert_and_stream_back',
        handle,
        response(status, headers),
        bits,
        OPTIONS,
        out(1),
        out(2),
      );
    },
    recordNotCacheable(handle: number, seconds: number): void {
      u64(OPTIONS, BigInt(seconds) * SECOND);
      call('transaction_record_not_cacheable', handle, 0, OPTIONS);
    },
    found: (handle: number): Message | null =>
      ask('get_found_response', handle, 1, out(1), out(2)) === OK ? message(read(1)) : null,
    toOrigin(handle: number): Message {
      call('get_suggested_backend_request', handle, out(1));
      return message(read(1));
    },
    suggestedKey(of: number): string {
      call('get_suggested_cache_key', of, RULE, 32, out(1));
      return host.bytes(RULE, read(1)).toString('hex');
    },
  };
}

export const headerOf = ({ headers }: Message, name: string): string[] =>
  headers.flatMap(([one, value]) => (one === name ? [value] : []));
