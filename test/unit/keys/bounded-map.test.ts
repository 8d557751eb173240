import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedMap } from '../../../src/keys/bounded-map.ts';

const KEYS = fc.integer({ min: 0, max: 12 });
const STEPS = fc.array(
  fc.tuple(fc.constantFrom('set', 'set', 'delete'), KEYS, fc.integer({ min: 0, max: 40 })),
  {
    maxLength: 80,
  },
);

describe('a bounded map', () => {
  it('holds the newest entries that fit, by number and by bytes, whatever is set and deleted', () => {
    fc.assert(
      fc.property(
        STEPS,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 60 }),
        (steps, maxEntries, maxBytes) => {
          const map = new BoundedMap<number, { readonly size: number }>(maxEntries, {
            maxBytes,
            bytesOf: ({ size }) => size,
          });
          let model: { key: number; value: { readonly size: number } }[] = [];
          for (const [step, key, size] of steps) {
            model = model.filter((entry) => entry.key !== key);
            if (step === 'delete') map.delete(key);
            else {
              const value = { size };
              map.set(key, value);
              if (size <= maxBytes) {
                model.push({ key, value });
                const bytes = () => model.reduce((sum, entry) => sum + entry.value.size, 0);
                while (model.length > maxEntries || bytes() > maxBytes) model.shift();
              }
            }
            for (let at = 0; at <= 12; at++) {
              expect(map.get(at)).toBe(model.find((entry) => entry.key === at)?.value);
            }
          }
        },
      ),
    );
  });

  it('of entries alone forgets the oldest, and null is a value like others', () => {
    const map = new BoundedMap<string, number | null>(2);
    map.set('a', 1);
    map.set('b', null);
    map.set('a', 2);
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([2, undefined, 3]);
    map.set('d', null);
    expect([map.get('a'), map.get('c'), map.get('d')]).toEqual([undefined, 3, null]);
  });
});
