import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Headers, headerOf, startAdapter } from './host-double.ts';
import type { Message } from './host-messages.ts';

let host: Awaited<ReturnType<typeof startAdapter>>;
// The first one may have to be compiled.
beforeAll(async () => {
  await startAdapter();
}, 300_000);
beforeEach(async () => {
  host = await startAdapter();
});

describe('what is looked up', () => {
  test('is missing, then found with the headers of the origin and its age', () => {
    const first = host.lookUp(host.request());
    expect(first.state).toEqual(['must insert']);
    expect(host.found(first.handle)).toBeNull();
    host.store(first.handle, 404, {
      'cache-control': 'max-age=60',
      age: '5',
      'set-thing': 'a',
      vary: 'origin',
    });
    expect(host.stateOf(first.handle)).toEqual([]);
    const second = host.lookUp(host.request());
    expect(second.state).toEqual(['found', 'usable']);
    const hit = host.found(second.handle) as Message;
    expect(hit.status).toBe(404);
    expect(headerOf(hit, 'set-thing')).toEqual(['a']);
    expect(headerOf(hit, 'age')).toEqual(['5']);
  });

  test('is another object for another address', () => {
    host.store(host.lookUp(host.request()).handle, 200, { 'cache-control': 'max-age=60' });
    expect(host.lookUp(host.request({}, { uri: 'https://example.com/b' })).state).toEqual(['must insert']);
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
    host.store(host.lookUp(host.request()).handle, 200, headers);
    host.passSeconds(seconds);
    expect(host.lookUp(host.request()).state).toEqual(state);
  });

  test('is a hit-for-pass object until it expires: neither found, nor to be brought', () => {
    const { handle } = host.lookUp(host.request());
    host.recordNotCacheable(handle, 10);
    expect(host.lookUp(host.request()).state).toEqual([]);
    host.passSeconds(10);
    expect(host.lookUp(host.request()).state).toEqual(['must insert']);
  });

  test('is usable after all where its leader chose what is stale, for this once', () => {
    host.store(host.lookUp(host.request()).handle, 200, {
      'cache-control': 'max-age=10, stale-if-error=50',
      'x-page': 'old',
    });
    host.passSeconds(20);
    const { handle } = host.lookUp(host.request());
    expect(host.found(handle)).toBeNull();
    host.call('transaction_choose_stale', handle);
    expect(host.stateOf(handle)).toEqual(['found', 'usable', 'stale', 'usable if error']);
    expect(headerOf(host.found(handle) as Message, 'x-page')).toEqual(['old']);
    expect(host.ask('transaction_choose_stale', handle)).not.toBe(0);
  });
});

describe('a handle', () => {
  test('is closed once, and is none after that', () => {
    const { handle } = host.lookUp(host.request());
    host.call('close', handle);
    expect(host.closed).toEqual([0]);
    expect(host.ask('get_state', handle, 2048)).not.toBe(0);
    expect(host.ask('close', handle)).not.toBe(0);
    expect(host.closed).toEqual([0]);
  });

  test('that nobody closes is closed when its place is needed, a thousand handles later', () => {
    const request = host.request();
    const first = host.lookUp(request).handle;
    host.store(first, 200, { 'cache-control': 'max-age=60' });
    host.closed.length = 0;
    // The two of the first: what was looked up, and what was stored.
    for (let count = 2; count < 1024; count++) host.lookUp(request);
    expect(host.closed).toEqual([]);
    const { state } = host.lookUp(request);
    expect(state).toEqual(['found', 'usable']);
    expect(host.closed).toEqual([0]);
  });

  test.each([-1, 1024, 0xfffffffe])('%i was never given out', (handle) => {
    expect(host.ask('get_state', handle, 2048)).not.toBe(0);
    expect(host.ask('transaction_abandon', handle)).not.toBe(0);
  });
});

describe('the request to the origin', () => {
  test('is that of the client without its conditions, its range and the cache key', () => {
    const client = host.request(
      {
        accept: 'a',
        range: 'bytes=0-1',
        'if-none-match': '"x"',
        'if-range': '"x"',
        'fastly-xqd-cache-key': 'k',
      },
      { method: 'HEAD' },
    );
    expect(host.toOrigin(host.lookUp(client).handle)).toEqual({
      method: 'GET',
      uri: 'https://example.com/a',
      headers: [['accept', 'a']],
    });
  });

  test('has the validators of a stale response, whose headers a 304 renews', () => {
    const modified = 'Sat, 01 Jan 2000 00:00:00 GMT';
    host.store(host.lookUp(host.request()).handle, 200, {
      'cache-control': 'max-age=10',
      etag: '"a"',
      'last-modified': modified,
      'content-type': 'text/plain',
      'content-length': '12',
      age: '3',
    });
    host.passSeconds(20);
    const { handle } = host.lookUp(host.request({ 'if-none-match': '"of the client"' }));
    expect(host.toOrigin(handle).headers).toEqual([
      ['if-none-match', '"a"'],
      ['if-modified-since', modified],
    ]);
    const { action, message } = host.prepared(handle, 304, {
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
    host.store(host.lookUp(host.request()).handle, 200, {
      'cache-control': 'max-age=60',
      'content-length': '100',
      etag: '"a"',
    });
    const message = host.found(host.lookUp(host.request(range)).handle) as Message;
    return message.status === 206 ? headerOf(message, 'content-range').join() : message.status;
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
