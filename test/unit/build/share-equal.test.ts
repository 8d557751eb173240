import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shareEqual } from '../../../src/build/share-equal.ts';

it('makes one of what is equal, at every depth', () => {
  const given = {
    a: { ttl: { max: 60 }, names: ['x'], sets: new Set(['y']), maps: new Map([['z', { max: 60 }]]) },
    b: { ttl: { max: 60 }, names: ['x'], sets: new Set(['y']), maps: new Map([['z', { max: 60 }]]) },
    c: { ttl: { max: 61 }, names: ['x'], sets: new Set(['y']), maps: new Map([['z', { max: 60 }]]) },
  };
  const { a, b, c } = shareEqual(given);
  expect(a).toBe(b);
  expect(c).not.toBe(a);
  expect(c.names).toBe(a.names);
  expect(c.sets).toBe(a.sets);
  expect(c.maps.get('z')).toBe(a.ttl);
});

it.each([
  [{ a: 1 }, { a: '1' }],
  [{ a: null }, { a: 'null' }],
  [{ a: undefined }, {}],
  [{ a: 0 }, { a: -0 }],
  [['a', 'b'], { a: 'b' }],
  [[], {}],
  [new Set(['a', 'b']), ['a', 'b']],
  [new Map([['a', 'b']]), new Set(['a', 'b'])],
  [
    { a: 'b', c: 'd' },
    { c: 'd', a: 'b' },
  ],
  [{ 'a","b': 1 }, { a: 1 }],
  [/a/, /a/],
])('keeps %o and %o apart', (one, other) => {
  const [first, second] = shareEqual([one, other]);
  expect(first).not.toBe(second);
  expect([first, second]).toEqual([one, other]);
});

it('changes no value', () => {
  fc.assert(
    fc.property(fc.array(fc.object({ withMap: true, withSet: true, withBigInt: true })), (value) => {
      expect(shareEqual(value)).toStrictEqual(value);
    }),
  );
});
