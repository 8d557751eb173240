import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeaderFields } from '../../../src/http/header-fields.ts';

const name = fc.constantFrom('a', 'b', 'set-cookie', 'x-c', 'vary');
const value = fc.stringMatching(/^[a-z]([a-z ]{0,6}[a-z])?$/);
const step = fc.oneof(
  fc.record({ verb: fc.constantFrom('set' as const, 'append' as const), name, value }),
  fc.record({ verb: fc.constant('delete' as const), name }),
);

test('after any steps it holds what Headers would hold', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const ours = new HeaderFields();
      const theirs = new Headers();
      for (const one of steps) {
        for (const fields of [ours, theirs]) {
          if (one.verb === 'delete') fields.delete(one.name);
          else fields[one.verb](one.name, one.value);
        }
      }
      const sorted = (pairs: Iterable<[string, string]>) =>
        [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      expect(sorted(ours)).toEqual(sorted(theirs));
      expect([...ours.keys()].sort()).toEqual([...new Set(theirs.keys())]);
      for (const field of ['a', 'set-cookie', 'vary']) {
        expect(ours.get(field)).toBe(theirs.get(field));
        expect(ours.has(field)).toBe(theirs.has(field));
      }
      expect(new HeaderFields(ours).pairs()).toEqual(ours.pairs());
      expect(sorted(new HeaderFields(theirs))).toEqual(sorted(theirs));
    }),
  );
});

test('what is unwanted goes, every cookie of it', () => {
  const fields = new HeaderFields([
    ['set-cookie', 'a=1'],
    ['x', '1'],
    ['set-cookie', 'b=2'],
  ]);
  fields.deleteWhere((field) => field === 'set-cookie');
  expect(fields.pairs()).toEqual([['x', '1']]);
});
