import { beforeAll, describe, expect, test } from 'vitest';
import { type Adapter, adapterFor } from '../../../cli/local-cache/adapter.ts';

let adapter: Adapter;
let module: WebAssembly.Module;
beforeAll(async () => {
  const found = await adapterFor(165);
  if (found === null) throw new Error('there is no adapter');
  adapter = found;
  module = await WebAssembly.compile(Uint8Array.from(adapter.wasm));
}, 300_000);

/** Instantiates the adapter, whose first act is the guard, in an environment; what it wrote, and whether it went on. */
function start(environment: readonly string[]): { readonly starts: boolean; readonly said: string } {
  const memory = new WebAssembly.Memory({ initial: adapter.pages });
  const view = () => new DataView(memory.buffer);
  const variables = environment.map((line) => Buffer.from(`${line}\0`));
  let said = '';
  const wasi: Record<string, (...args: number[]) => number> = {
    environ_sizes_get(count = 0, size = 0) {
      view().setUint32(count, variables.length, true);
      view().setUint32(size, Buffer.concat(variables).length, true);
      return 0;
    },
    environ_get(pointers = 0, text = 0) {
      let at = text;
      for (const [index, bytes] of variables.entries()) {
        view().setUint32(pointers + index * 4, at, true);
        new Uint8Array(memory.buffer).set(bytes, at);
        at += bytes.length;
      }
      return 0;
    },
    fd_write(_fd = 0, vectors = 0) {
      const [from, length] = [view().getUint32(vectors, true), view().getUint32(vectors + 4, true)];
      said += Buffer.from(memory.buffer, from, length).toString();
      return 0;
    },
  };
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const value = kind === 'memory' ? memory : (wasi[name] ?? (() => 0));
    imports[from] = { ...imports[from], [name]: value };
  }
  try {
    new WebAssembly.Instance(module, imports);
    return { starts: true, said };
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return { starts: false, said };
    throw error;
  }
}

describe('the adapter', () => {
  test('starts on the local server', () => {
    expect(start(['PATH=/', 'FASTLY_HOSTNAME=localhost', 'FASTLY_POP=XXX'])).toEqual({
      starts: true,
      said: '',
    });
  });

  test.each([
    ['on a server of Fastly', ['FASTLY_HOSTNAME=cache-fra1234']],
    ['where the name only begins like that', ['FASTLY_HOSTNAME=localhost.example.com']],
    ['where another variable says so', ['XFASTLY_HOSTNAME=localhost', 'A=FASTLY_HOSTNAME=localhost']],
    ['without an environment', []],
  ])('refuses to start %s, and says why', (_, environment) => {
    const { starts, said } = start(environment);
    expect(starts).toBe(false);
    expect(said).toContain('runs on the local server only');
  });

  test('has no table and no memory of its own, which Viceroy would refuse beside those of the service', () => {
    const kinds = WebAssembly.Module.imports(module).filter(({ kind }) => kind !== 'function');
    expect(kinds.map(({ name }) => name)).toEqual(['memory']);
    expect(WebAssembly.Module.exports(module).filter(({ kind }) => kind === 'table')).toEqual([]);
  });

  test('has every host call that js-compute asks for', () => {
    const names = WebAssembly.Module.exports(module).flatMap(({ name, kind }) =>
      kind === 'function' ? [name] : [],
    );
    expect(names.sort()).toEqual(HOST_CALLS);
  });
});

/** http-cache.witx. js-compute imports all of them but `lookup`; `get_suggested_cache_key` it does not call. */
const HOST_CALLS = [
  'close',
  'get_age_ns',
  'get_found_response',
  'get_hits',
  'get_length',
  'get_max_age_ns',
  'get_sensitive_data',
  'get_stale_if_error_ns',
  'get_stale_while_revalidate_ns',
  'get_state',
  'get_suggested_backend_request',
  'get_suggested_cache_key',
  'get_suggested_cache_options',
  'get_surrogate_keys',
  'get_vary_rule',
  'is_request_cacheable',
  'lookup',
  'prepare_response_for_storage',
  'transaction_abandon',
  'transaction_choose_stale',
  'transaction_insert',
  'transaction_insert_and_stream_back',
  'transaction_lookup',
  'transaction_record_not_cacheable',
  'transaction_update',
  'transaction_update_and_return_fresh',
];
