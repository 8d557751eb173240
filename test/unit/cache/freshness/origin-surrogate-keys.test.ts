import { expect, it } from 'vitest';
import { originSurrogateKeys } from '../../../../src/cache/freshness/origin-surrogate-keys.ts';

const keysOf = (fields: Record<string, string>) => originSurrogateKeys(new Headers(fields));

it('Surrogate-Key and xkey are read at blanks, Cache-Tag at commas, each key once', () => {
  expect(
    keysOf({ 'surrogate-key': 'a  b,c a', xkey: 'b d', 'cache-tag': ' e,f , b,,with blank, g\t' }),
  ).toEqual(['a', 'b,c', 'b', 'd', 'e', 'f', 'g']);
  expect(keysOf({})).toEqual([]);
});

it('several fields of one name are one list', () => {
  const headers = new Headers();
  for (const [name, value] of [
    ['surrogate-key', 'a b'],
    ['surrogate-key', 'c'],
    ['xkey', 'd'],
    ['xkey', 'e f'],
    ['cache-tag', 'g'],
    ['cache-tag', 'h,i'],
  ] as const)
    headers.append(name, value);
  expect(originSurrogateKeys(headers)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
});

it('what the platform would refuse, and what a limit cut off, is no key', () => {
  const long = 'x'.repeat(1025);
  expect(keysOf({ 'surrogate-key': `a ${long}`, 'cache-tag': `b,${long},ü` })).toEqual(['a', 'b']);
  const field = (separator: string) => Array.from({ length: 4000 }, (_, i) => `k${i}`).join(separator);
  for (const [name, separator] of [
    ['surrogate-key', ' '],
    ['xkey', ' '],
    ['cache-tag', ','],
  ] as const) {
    const keys = keysOf({ [name]: field(separator) });
    expect(keys.length).toBeGreaterThan(2000);
    expect(keys).toEqual(Array.from({ length: keys.length }, (_, i) => `k${i}`));
  }
});

it('is linear in the length of a field', () => {
  const startedMs = performance.now();
  for (const text of [' '.repeat(16_384), ','.repeat(16_384), `${' '.repeat(16_000)}a`])
    for (const name of ['surrogate-key', 'xkey', 'cache-tag'])
      originSurrogateKeys({ get: (asked) => (asked === name ? text : null) });
  expect(performance.now() - startedMs).toBeLessThan(5000);
});
