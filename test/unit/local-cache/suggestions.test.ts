import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Headers, startAdapter } from './host-double.ts';

let host: Awaited<ReturnType<typeof startAdapter>>;
// The first one may have to be compiled.
beforeAll(async () => {
  await startAdapter();
}, 300_000);
beforeEach(async () => {
  host = await startAdapter();
});

describe('suggested options', () => {
  const NOTHING: ReturnType<(typeof host)['suggested']> = {
    maxAge: 120,
    vary: null,
    age: 0,
    swr: 0,
    keys: null,
    length: null,
    sie: 0,
  };

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
    const { handle } = host.lookUp(host.request());
    expect(host.suggested(handle, 200, headers)).toEqual({ ...NOTHING, ...expected });
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
    expect(host.prepared(host.lookUp(host.request()).handle, status, headers).action).toBe(action);
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
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(uri))).toString('hex');
    expect(host.suggestedKey(host.request({}, { uri }))).toBe(digest);
  });
});
