import { describe, expect, it } from 'vitest';
import { normaliseAcceptEncoding, refusesIdentity, takesCoding } from '../../../src/http/accept-encoding.ts';
import { cacheStatus } from '../../../src/http/cache-status.ts';
import { evaluatePreconditions, notModifiedHeaders, updateStored } from '../../../src/http/conditional.ts';
import { HeaderFields } from '../../../src/http/header-fields.ts';
import { stripHopByHop } from '../../../src/http/hop-by-hop.ts';
import { parseHttpDate } from '../../../src/http/http-date.ts';
import { evaluateRange } from '../../../src/http/range.ts';

const NOW_MS = Date.UTC(2026, 0, 1);

describe('Accept-Encoding becomes one of five values, best first', () => {
  it.each([
    [null, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br', 'br, gzip'],
    ['gzip, deflate, br, zstd', 'br, gzip'],
    ['zstd, br, gzip;q=0.5', 'br, gzip'],
    ['GZIP', 'gzip'],
    ['br', 'br'],
    ['br, gzip;q=0', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br; q=0.8, gzip ; q = 0.5', 'br, gzip'],
    ['zstd', 'zstd'],
    ['zstd, deflate', 'zstd'],
    ['zstd;q=0', 'identity'],
    ['zstd, gzip', 'gzip'],
    ['*', 'br, gzip'],
    ['*;q=0', 'identity'],
    ['*;q=0, gzip', 'gzip'],
    ['gzip;q=0, *;q=0.1', 'br'],
    ['br;q=0, gzip;q=0, *', 'zstd'],
    ['identity', 'identity'],
    ['identity;q=0, gzip', 'gzip'],
    ['gzip;q=nonsense', 'identity'],
    ['gzip;q=1.001', 'identity'],
    ['x-gzip', 'gzip'],
    ['brx', 'identity'],
    [`${'a,'.repeat(10_000)}gzip`, 'identity'],
  ])('%.40j: %s', (field, encoding) => {
    expect(normaliseAcceptEncoding(field)).toBe(encoding);
  });

  it('what the edge has to look into is asked for in a coding that it can decode', () => {
    for (const field of ['gzip, deflate, br', 'br, gzip;q=0.1', '*'])
      expect(normaliseAcceptEncoding(field, true)).toBe('gzip');
    expect(normaliseAcceptEncoding('br', true)).toBe('identity');
  });

  it.each([
    [null, 'br', true],
    ['', 'gzip', false],
    ['gzip', 'x-gzip', true],
    ['gzip', 'br', false],
    ['*', 'anything', true],
    ['*;q=0, br', 'gzip', false],
    ['br;q=0', 'br', false],
  ])('%j and %s: taken is %s', (field, coding, taken) => {
    expect(takesCoding(field, coding)).toBe(taken);
  });

  it.each([
    [null, false],
    ['', false],
    ['gzip', false],
    ['gzip, identity; Q=0.000', true],
    ['*;q=0, br', true],
    ['identity;q=0, *', true],
    // Nothing at all is taken: the plain answer is no worse than another.
    ['identity;q=0', false],
    ['*;q=0', false],
    ['*;q=0, identity;q=0.1', false],
    ['gzip;q=0', false],
    ['identity;q=0.5', false],
  ])('%j refuses what is not encoded: %s', (field, refused) => {
    expect(refusesIdentity(field)).toBe(refused);
  });
});

describe('HTTP dates', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sunday, 06-Nov-94 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sun Nov  6 08:49:37 1994', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sat, 31 Dec 2016 23:59:60 GMT', Date.UTC(2016, 11, 31, 23, 59, 59)],
    ['Fri, 01 Jan 0099 00:00:00 GMT', null],
    ['0', null],
    ['', null],
    ['Sun, 06 Nov 1994 08:49:37 PST', null],
    ['1994-11-06T08:49:37Z', null],
    ['Sun, 31 Feb 1994 08:49:37 GMT', null],
    ['Sun, 06 Nov 1994 24:49:37 GMT', null],
  ])('%s', (text, time) => {
    expect(parseHttpDate(text, NOW_MS)).toBe(time);
  });
});

describe('preconditions', () => {
  const stored = new Headers({ etag: '"a"', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' });
  const ask = (headers: Record<string, string>, response = stored, method = 'GET') =>
    evaluatePreconditions(method, new Headers(headers), response, NOW_MS);
  it.each([
    [{ 'if-none-match': '"a"' }, 'not-modified'],
    [{ 'if-none-match': 'W/"a"' }, 'not-modified'],
    [{ 'if-none-match': '"b", "a"' }, 'not-modified'],
    [{ 'if-none-match': '*' }, 'not-modified'],
    [{ 'if-none-match': '"b"' }, 'none'],
    [{ 'if-none-match': '"b"', 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 'none'],
    [{ 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 'not-modified'],
    [{ 'if-modified-since': 'Wed, 31 Dec 2025 23:59:59 GMT' }, 'none'],
    [{ 'if-modified-since': 'nonsense' }, 'none'],
    [{ 'if-match': '"a"' }, 'none'],
    [{ 'if-match': 'W/"a"' }, 'failed'],
    [{ 'if-match': '"b"' }, 'failed'],
    [{ 'if-unmodified-since': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 'failed'],
    [{}, 'none'],
  ] as [Record<string, string>, string][])('%j: %s', (headers, outcome) => {
    expect(ask(headers)).toBe(outcome);
  });
  it('a tag that holds a comma is one tag', () => {
    expect(ask({ 'if-none-match': '"x,y"' }, new Headers({ etag: '"x,y"' }))).toBe('not-modified');
  });
  it('a 304 keeps what it may, and renews what is stored', () => {
    const headers = new Headers({
      etag: '"a"',
      'content-type': 'text/html',
      vary: 'x',
      'cache-control': 'max-age=1',
    });
    expect([...notModifiedHeaders(headers).keys()]).toEqual(['cache-control', 'etag', 'vary']);
    const renewed = updateStored(
      new Headers({ 'content-length': '5', age: '9', a: '1' }),
      new Headers({ 'content-length': '0', a: '2', 'set-cookie': 'x' }),
    );
    expect(Object.fromEntries(renewed)).toEqual({ 'content-length': '5', a: '2' });
  });
  it('of a 304 no field of one hop is stored, nor one that its Connection names', () => {
    const renewed = updateStored(
      new Headers({ a: '1', 'x-hop': 'stored' }),
      new Headers({
        a: '2',
        connection: 'x-hop',
        'x-hop': 'of the hop',
        te: 'trailers',
        'proxy-authenticate': 'Basic',
        'transfer-encoding': 'chunked',
      }),
    );
    expect(Object.fromEntries(renewed)).toEqual({ a: '2', 'x-hop': 'stored' });
  });
});

describe('ranges', () => {
  const ask = (range: string, more: Record<string, string> = {}) =>
    evaluateRange(new Headers({ range, ...more }), new Headers({ etag: '"a"' }), 100);
  it.each([
    ['bytes=0-9', { kind: 'partial', start: 0, end: 10, contentRange: 'bytes 0-9/100' }],
    ['bytes=90-', { kind: 'partial', start: 90, end: 100, contentRange: 'bytes 90-99/100' }],
    ['bytes=-10', { kind: 'partial', start: 90, end: 100, contentRange: 'bytes 90-99/100' }],
    ['bytes=0-999', { kind: 'partial', start: 0, end: 100, contentRange: 'bytes 0-99/100' }],
    ['bytes=100-', { kind: 'unsatisfiable', contentRange: 'bytes */100' }],
    ['bytes=-0', { kind: 'unsatisfiable', contentRange: 'bytes */100' }],
    ['bytes=9-0', { kind: 'whole' }],
    ['bytes=0-1,5-6', { kind: 'whole' }],
    ['items=0-1', { kind: 'whole' }],
    ['bytes=-', { kind: 'whole' }],
  ])('%s', (range, answer) => {
    expect(ask(range)).toEqual(answer);
  });
  it('If-Range: the whole where it does not hold', () => {
    expect(ask('bytes=0-9', { 'if-range': '"a"' }).kind).toBe('partial');
    expect(ask('bytes=0-9', { 'if-range': '"b"' }).kind).toBe('whole');
    expect(ask('bytes=0-9', { 'if-range': 'W/"a"' }).kind).toBe('whole');
  });
});

describe('fields of one hop', () => {
  it('do not travel, nor what Connection names, but it cannot name what decisions rest on', () => {
    const headers = new HeaderFields([
      ['connection', 'x-a, cookie, close'],
      ['x-a', '1'],
      ['cookie', 'c'],
      ['te', 'trailers'],
      ['upgrade', 'h2c'],
      ['b', '2'],
    ]);
    stripHopByHop(headers);
    expect(Object.fromEntries(headers)).toEqual({ cookie: 'c', b: '2' });
  });

  it('a length that a coding has overruled does not travel on either', () => {
    const headers = new HeaderFields([
      ['content-length', '5'],
      ['transfer-encoding', 'chunked'],
    ]);
    stripHopByHop(headers);
    expect([...headers.keys()]).toEqual([]);
  });
});

describe('Cache-Status', () => {
  it.each([
    [{ state: 'HIT', ttlSeconds: 5, stored: false, detail: 'fresh' }, 'claimcache;hit;ttl=5'],
    [
      { state: 'MISS', ttlSeconds: 5, stored: true, detail: 'stored' },
      'claimcache;fwd=uri-miss;stored;ttl=5',
    ],
    [
      { state: 'MISS', ttlSeconds: 0, stored: false, detail: 'no-store' },
      'claimcache;fwd=uri-miss;detail=no-store',
    ],
    [
      { state: 'MISS', ttlSeconds: 5, stored: true, detail: 'revalidated' },
      'claimcache;fwd=stale;stored;ttl=5',
    ],
    [{ state: 'STALE', ttlSeconds: 0, stored: false, detail: 'if-error' }, 'claimcache;hit;detail=if-error'],
    [
      { state: 'BYPASS', ttlSeconds: 0, stored: false, detail: 'cms-cookie' },
      'claimcache;fwd=bypass;detail=cms-cookie',
    ],
  ] as const)('%j', (facts, field) => {
    expect(cacheStatus(facts)).toBe(field);
  });
});
