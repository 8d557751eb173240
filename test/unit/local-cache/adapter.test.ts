import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Message, startAdapter } from './host-double.ts';

type Host = Awaited<ReturnType<typeof startAdapter>>;
type Headers = Record<string, string>;

let host: Host;
beforeAll(async () => {
  await startAdapter();
}, 300_000);
beforeEach(async () => {
  host = await startAdapter();
});

const ACTIONS = ['insert', 'update', 'do not store', 'record uncacheable'];
const STATES: readonly [number, string][] = [
  [1, 'found'],
  [2, 'usable'],
  [4, 'stale'],
  [8, 'must insert'],
  [16, 'usable if error'],
];
const SECOND = 1_000_000_000n;

/** A host call that must not fail. */
function call(name: string, ...args: number[]): void {
  const status = host.calls[name]?.(...args);
  if (status !== 0) throw new Error(`${name} answers ${status}`);
}
const out = (index: number) => host.scratch + index * 8;
const read = (index: number) => host.view().getUint32(out(index), true);

function request(headers: Headers = {}, more: Partial<Message> = {}): number {
  return host.add({ method: 'GET', uri: 'https://example.com/a', ...more, headers: Object.entries(headers) });
}
function response(status: number, headers: Headers): number {
  return host.add({ status, headers: Object.entries(headers) });
}
function lookUp(of: number): { handle: number; state: string[] } {
  call('transaction_lookup', of, 0, 0, out(0));
  return { handle: read(0), state: stateOf(read(0)) };
}
function stateOf(handle: number): string[] {
  call('get_state', handle, out(1));
  return STATES.filter(([bit]) => read(1) & bit).map(([, name]) => name);
}

/** get_suggested_cache_options, all of them. */
function suggested(handle: number, of: number) {
  const [given, mask, options] = [4096, 8192, 12_288];
  const view = host.view();
  view.setUint32(given + 8, 20_000, true);
  view.setUint32(given + 12, 500, true);
  view.setUint32(given + 32, 21_000, true);
  view.setUint32(given + 36, 500, true);
  call('get_suggested_cache_options', handle, of, 0xfe, given, mask, options);
  const bits = view.getUint32(mask, true);
  const seconds = (offset: number) => Number(view.getBigUint64(options + offset, true) / SECOND);
  const list = (offset: number, bit: number) =>
    bits & bit
      ? host.text(view.getUint32(options + offset, true), view.getUint32(options + offset + 4, true))
      : null;
  return {
    maxAge: seconds(0),
    vary: list(8, 2),
    age: seconds(16),
    swr: seconds(24),
    keys: list(32, 16),
    length: bits & 32 ? Number(view.getBigUint64(options + 40, true)) : null,
    sie: seconds(48),
  };
}

/** Stores a response with what is suggested for it. */
function store(handle: number, status: number, headers: Headers): void {
  const candidate = response(status, headers);
  suggested(handle, candidate);
  const bits = host.view().getUint32(8192, true);
  call('transaction_insert_and_stream_back', handle, candidate, bits, 12_288, out(2), out(3));
}
function prepared(handle: number, status: number, headers: Headers) {
  call('prepare_response_for_storage', handle, response(status, headers), out(4), out(5));
  return { action: ACTIONS[read(4)], message: host.message(read(5)) };
}
function found(handle: number): Message | null {
  if (host.calls.get_found_response?.(handle, 1, out(6), out(7)) !== 0) return null;
  return host.message(read(6));
}
const header = ({ headers }: Message, name: string) =>
  headers.filter(([one]) => one === name).map(([, value]) => value);

describe('suggested options', () => {
  const NOTHING = { maxAge: 120, vary: null, age: 0, swr: 0, keys: null, length: null, sie: 0 };

  test.each<[string, Headers, Partial<typeof NOTHING>]>([
    ['nothing is said: 2 minutes', {}, {}],
    ['max-age', { 'cache-control': 'public, max-age=30' }, { maxAge: 30 }],
    ['s-maxage before max-age', { 'cache-control': 'max-age=30, s-maxage=40' }, { maxAge: 40 }],
    [
      'Surrogate-Control before both',
      { 'cache-control': 's-maxage=40', 'surrogate-control': 'max-age=50' },
      { maxAge: 50 },
    ],
    [
      'Surrogate-Control without max-age',
      { 'cache-control': 'max-age=30', 'surrogate-control': 'content="ESI/1.0"' },
      { maxAge: 30 },
    ],
    ['capitals, spaces, quotes', { 'cache-control': ' MAX-AGE="30" , x' }, { maxAge: 30 }],
    ['a comma in a quoted string', { 'cache-control': 'ext="a, max-age=1", max-age=30' }, { maxAge: 30 }],
    ['a name that only ends like that', { 'cache-control': 'x-max-age=5' }, {}],
    ['what is no number is 0', { 'cache-control': 'max-age=soon' }, { maxAge: 0 }],
    ['a negative number is 0', { 'cache-control': 'max-age=-1' }, { maxAge: 0 }],
    ['more seconds than fit', { 'cache-control': 'max-age=99999999999999999999' }, { maxAge: 2_147_483_648 }],
    [
      'Expires and Date',
      { date: 'Fri, 31 Dec 1999 23:59:59 GMT', expires: 'Sat, 01 Jan 2000 00:00:59 GMT' },
      { maxAge: 60 },
    ],
    [
      'Expires in a leap year',
      { date: 'Tue, 29 Feb 2000 00:00:00 GMT', expires: 'Wed, 01 Mar 2000 00:00:00 GMT' },
      { maxAge: 86_400 },
    ],
    ['Expires by our clock', { expires: 'Thu, 01 Jan 1970 00:02:03 GMT' }, { maxAge: 123 }],
    ['Expires that is no date', { expires: '0' }, { maxAge: 0 }],
    [
      'Expires in the past',
      { date: 'Sat, 01 Jan 2000 00:00:59 GMT', expires: 'Sat, 01 Jan 2000 00:00:00 GMT' },
      { maxAge: 0 },
    ],
    ['stale windows', { 'cache-control': 'stale-while-revalidate=5, stale-if-error=6' }, { swr: 5, sie: 6 }],
    [
      'those of Surrogate-Control',
      { 'cache-control': 'stale-if-error=6', 'surrogate-control': 'stale-if-error=7' },
      { sie: 7 },
    ],
    ['no-store and no-cache are for browsers', { 'cache-control': 'no-store, no-cache' }, {}],
    ['Vary', { vary: 'Accept-Encoding,  Origin' }, { vary: 'accept-encoding origin' }],
    ['Surrogate-Key', { 'surrogate-key': '  One two  ' }, { keys: 'One two' }],
    ['Age and Content-Length', { age: '7', 'content-length': '12' }, { age: 7, length: 12 }],
  ])('%s', (_, headers, expected) => {
    const { handle } = lookUp(request());
    expect(suggested(handle, response(200, headers))).toEqual({ ...NOTHING, ...expected });
  });
});

describe('what should become of a response', () => {
  test.each<[number, Headers, string]>([
    ...[200, 203, 300, 301, 302, 404, 410].map(
      (status) => [status, {}, 'insert'] as [number, Headers, string],
    ),
    ...[201, 204, 206, 304, 307, 400, 500, 503].map(
      (status) => [status, {}, 'do not store'] as [number, Headers, string],
    ),
    [200, { 'cache-control': 'max-age=60, Private' }, 'record uncacheable'],
    [200, { 'cache-control': 'no-store' }, 'insert'],
    [200, { vary: 'Origin, *' }, 'record uncacheable'],
  ])('%i with %o: %s', (status, headers, action) => {
    expect(prepared(lookUp(request()).handle, status, headers).action).toBe(action);
  });
});

describe('what is looked up', () => {
  test('is missing, then found with the headers of the origin and its age', () => {
    const first = lookUp(request());
    expect(first.state).toEqual(['must insert']);
    expect(found(first.handle)).toBeNull();
    store(first.handle, 404, { 'cache-control': 'max-age=60', age: '5', 'set-thing': 'a', vary: 'origin' });
    expect(stateOf(first.handle)).toEqual([]);
    const second = lookUp(request());
    expect(second.state).toEqual(['found', 'usable']);
    const hit = found(second.handle) as Message;
    expect(hit.status).toBe(404);
    expect(header(hit, 'set-thing')).toEqual(['a']);
    expect(header(hit, 'age')).toEqual(['5']);
  });

  test('is another object for another address', () => {
    store(lookUp(request()).handle, 200, { 'cache-control': 'max-age=60' });
    expect(lookUp(request({}, { uri: 'https://example.com/b' })).state).toEqual(['must insert']);
  });

  test.each<[string, Headers, number, string[]]>([
    ['fresh', { 'cache-control': 'max-age=10' }, 9, ['found', 'usable']],
    ['past everything', { 'cache-control': 'max-age=10' }, 10, ['must insert']],
    [
      'within stale-while-revalidate',
      { 'cache-control': 'max-age=10, stale-while-revalidate=5' },
      14,
      ['found', 'usable', 'stale', 'must insert'],
    ],
    [
      'past stale-while-revalidate',
      { 'cache-control': 'max-age=10, stale-while-revalidate=5' },
      15,
      ['must insert'],
    ],
    [
      'within stale-if-error',
      { 'cache-control': 'max-age=10, stale-if-error=50' },
      59,
      ['must insert', 'usable if error'],
    ],
    [
      'past stale-if-error, with a validator',
      { 'cache-control': 'max-age=10, stale-if-error=50', etag: '"a"' },
      60,
      ['must insert'],
    ],
    [
      'within both',
      { 'cache-control': 'max-age=10, stale-while-revalidate=5, stale-if-error=50' },
      12,
      ['found', 'usable', 'stale', 'must insert'],
    ],
  ])('is %s', (_, headers, seconds, state) => {
    store(lookUp(request()).handle, 200, headers);
    host.passSeconds(seconds);
    expect(lookUp(request()).state).toEqual(state);
  });

  test('is a hit-for-pass object until it expires: neither found, nor to be brought', () => {
    const { handle } = lookUp(request());
    host.view().setBigUint64(12_288, 10n * SECOND, true);
    call('transaction_record_not_cacheable', handle, 0, 12_288);
    expect(lookUp(request()).state).toEqual([]);
    host.passSeconds(10);
    expect(lookUp(request()).state).toEqual(['must insert']);
  });

  test('is usable after all where its leader chose what is stale, for this once', () => {
    store(lookUp(request()).handle, 200, {
      'cache-control': 'max-age=10, stale-if-error=50',
      'x-page': 'old',
    });
    host.passSeconds(20);
    const { handle } = lookUp(request());
    expect(found(handle)).toBeNull();
    call('transaction_choose_stale', handle);
    expect(stateOf(handle)).toEqual(['found', 'usable', 'stale', 'usable if error']);
    expect(header(found(handle) as Message, 'x-page')).toEqual(['old']);
    expect(host.calls.transaction_choose_stale?.(handle)).not.toBe(0);
  });
});

describe('the request to the origin', () => {
  const toOrigin = (handle: number) => {
    call('get_suggested_backend_request', handle, out(8));
    return host.message(read(8));
  };

  test('is that of the client without its conditions, its range and the cache key', () => {
    const client = request(
      {
        accept: 'a',
        range: 'bytes=0-1',
        'if-none-match': '"x"',
        'if-range': '"x"',
        'fastly-xqd-cache-key': 'k',
      },
      { method: 'HEAD' },
    );
    expect(toOrigin(lookUp(client).handle)).toEqual({
      method: 'GET',
      uri: 'https://example.com/a',
      headers: [['accept', 'a']],
    });
  });

  test('has the validators of a stale response, whose headers a 304 renews', () => {
    const modified = 'Sat, 01 Jan 2000 00:00:00 GMT';
    store(lookUp(request()).handle, 200, {
      'cache-control': 'max-age=10',
      etag: '"a"',
      'last-modified': modified,
      'content-type': 'text/plain',
      'content-length': '12',
      age: '3',
    });
    host.passSeconds(20);
    const { handle } = lookUp(request({ 'if-none-match': '"of the client"' }));
    expect(toOrigin(handle).headers).toEqual([
      ['if-none-match', '"a"'],
      ['if-modified-since', modified],
    ]);
    const { action, message } = prepared(handle, 304, {
      'cache-control': 'max-age=99',
      'content-length': '0',
      etag: '"a"',
    });
    expect(action).toBe('update');
    expect(message.status).toBe(200);
    expect(Object.fromEntries(message.headers)).toEqual({
      'cache-control': 'max-age=99',
      etag: '"a"',
      'last-modified': modified,
      'content-type': 'text/plain',
      'content-length': '12',
    });
  });
});

describe('a range', () => {
  const part = (range: Headers) => {
    store(lookUp(request()).handle, 200, {
      'cache-control': 'max-age=60',
      'content-length': '100',
      etag: '"a"',
    });
    const message = found(lookUp(request(range)).handle) as Message;
    return message.status === 206 ? header(message, 'content-range').join() : message.status;
  };

  test.each<[Headers, string | number]>([
    [{ range: 'bytes=0-9' }, 'bytes 0-9/100'],
    [{ range: 'BYTES=90-' }, 'bytes 90-99/100'],
    [{ range: 'bytes=-10' }, 'bytes 90-99/100'],
    [{ range: 'bytes=-1000' }, 'bytes 0-99/100'],
    [{ range: 'bytes=50-1000' }, 'bytes 50-99/100'],
    [{ range: 'bytes=0-9', 'if-range': '"a"' }, 'bytes 0-9/100'],
    [{ range: 'bytes=0-9', 'if-range': '"b"' }, 200],
    [{ range: 'bytes=9-0' }, 200],
    [{ range: 'bytes=100-' }, 200],
    [{ range: 'bytes=-0' }, 200],
    [{ range: 'bytes=0-1,5-6' }, 200],
    [{ range: 'bytes=' }, 200],
    [{ range: 'bytes=x-9' }, 200],
    [{ range: 'items=0-9' }, 200],
    [{}, 200],
  ])('%o: %s', (headers, expected) => {
    expect(part(headers)).toBe(expected);
  });
});

describe('the default key', () => {
  test.each([
    '',
    'abc',
    'https://example.com/a',
    'x'.repeat(55),
    'x'.repeat(56),
    'x'.repeat(64),
    'x'.repeat(1000),
  ])('of %j is SHA-256 of it', async (uri) => {
    call('get_suggested_cache_key', request({}, { uri }), 30_000, 32, out(0));
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(uri))).toString('hex');
    expect(Buffer.from(host.text(30_000, read(0)), 'latin1').toString('hex')).toBe(digest);
  });
});
