import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { responseLifetime } from '../../../src/client/response-lifetime.ts';

const of = (fields: Record<string, string>) => responseLifetime(new Headers(fields), 0);
const seconds = (fresh: number, kept = fresh) => ({ staleTimeMs: fresh * 1000, gcTimeMs: kept * 1000 });

describe('the lifetime of a client’s copy', () => {
  test.each<[string, Record<string, string>, ReturnType<typeof seconds>]>([
    ['what the service sends for a scope', { 'cache-control': 'private, no-cache' }, seconds(0)],
    ['no-store', { 'cache-control': 'private, no-store, max-age=600' }, seconds(0)],
    ['no-cache beside max-age', { 'cache-control': 'max-age=600, no-cache' }, seconds(0)],
    [
      'no-cache with field names, which is read in the safe way',
      { 'cache-control': 'no-cache="x", max-age=9' },
      seconds(0),
    ],
    ['max-age', { 'cache-control': 'private, max-age=60' }, seconds(60)],
    ['less the age', { 'cache-control': 'max-age=60', age: '20' }, seconds(40)],
    ['older than its lifetime', { 'cache-control': 'max-age=60', age: '61' }, seconds(0)],
    ['an age that cannot be read is old', { 'cache-control': 'max-age=60', age: 'young' }, seconds(0)],
    ['s-maxage is for shared caches', { 'cache-control': 's-maxage=600, max-age=5' }, seconds(5)],
    ['s-maxage alone', { 'cache-control': 'public, s-maxage=600' }, seconds(0)],
    [
      'stale-while-revalidate keeps it longer',
      { 'cache-control': 'max-age=60, stale-while-revalidate=30' },
      seconds(60, 90),
    ],
    [
      'stale, and within that window',
      { 'cache-control': 'max-age=60, stale-while-revalidate=30', age: '70' },
      seconds(0, 20),
    ],
    [
      'must-revalidate forbids that',
      { 'cache-control': 'max-age=60, stale-while-revalidate=30, must-revalidate' },
      seconds(60),
    ],
    ['twice: the smaller one', { 'cache-control': 'max-age=600, max-age=6' }, seconds(6)],
    ['case, white space, quotes', { 'cache-control': ' Max-Age = "60" ' }, seconds(60)],
    ['no number', { 'cache-control': 'max-age=soon' }, seconds(0)],
    ['a negative number', { 'cache-control': 'max-age=-5' }, seconds(0)],
    ['nothing', {}, seconds(0)],
    [
      'Expires and Date',
      { expires: 'Thu, 01 Jan 1970 00:01:00 GMT', date: 'Thu, 01 Jan 1970 00:00:30 GMT' },
      seconds(30),
    ],
    ['Expires alone', { expires: 'Thu, 01 Jan 1970 00:01:00 GMT' }, seconds(60)],
    ['Expires: 0', { expires: '0' }, seconds(0)],
    [
      'max-age before Expires',
      { 'cache-control': 'max-age=1', expires: 'Fri, 01 Jan 2100 00:00:00 GMT' },
      seconds(1),
    ],
  ])('%s', (_what, fields, expected) => {
    expect(of(fields)).toEqual(expected);
  });

  test('is always a time that a browser’s timer can count, and kept is never shorter than fresh', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), (noise, age, maxAge) => {
        const field = `${noise.replace(/[^\x20-\x7e]/g, '')}, max-age=${maxAge}`;
        const { staleTimeMs, gcTimeMs } = of({ 'cache-control': field, age: String(age) });
        expect(staleTimeMs).toBeGreaterThanOrEqual(0);
        expect(staleTimeMs).toBeLessThanOrEqual(Math.max(0, maxAge - age) * 1000);
        expect(gcTimeMs).toBeGreaterThanOrEqual(staleTimeMs);
        expect(gcTimeMs).toBeLessThan(2 ** 31);
      }),
    );
  });
});
