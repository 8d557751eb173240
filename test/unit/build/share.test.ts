import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../src/build/share.ts';

const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(tie('value'), { maxLength: 3 }).map((members) => new Set(members)),
    fc
      .array(fc.tuple(fc.string({ maxLength: 3 }), tie('value')), { maxLength: 3 })
      .map((members) => new Map(members)),
  ),
}));

describe('shared data', () => {
  it('is the same data', () => {
    fc.assert(
      fc.property(value, (data) => {
        expect(share(data)).toStrictEqual(data);
      }),
      { numRuns: 1000 },
    );
  });

  it('has one object for all that are equal, and no more', () => {
    const shared = share([
      { a: [1], b: new Set(['x']) },
      { a: [1], b: new Set(['x']) },
      { b: new Set(['x']), a: [1] },
      { a: ['1'], b: new Map([['x', 1]]) },
    ]);
    expect(shared[0]).toBe(shared[1]);
    expect(shared[0]?.b).toBe(shared[2]?.b);
    expect(shared[0]?.a).toBe(shared[2]?.a);
    // The order of members is part of what they are: a JSON text of them is.
    expect(shared[0]).not.toBe(shared[2]);
    expect(shared[3]?.a).not.toBe(shared[0]?.a);
  });
});
