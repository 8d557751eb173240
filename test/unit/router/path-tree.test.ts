import fc from 'fast-check';
import { addRoute, createRouter, findRoute } from 'rou3';
import { describe, expect, it } from 'vitest';
import { createPathTree } from '../../../src/router/path-tree.ts';

/** More than are made into one tree beforehand. */
const MANY = Array.from({ length: 60 }, (_, i) => `/filler-${i}/:id`);

const word = fc.constantFrom('a', 'b', 'a-b', 'filler-1');
const part = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 2, arbitrary: fc.constantFrom(':x', ':x(\\d+)', ':x?', 'a.:x') },
);
const last = fc.oneof(part, fc.constantFrom('*', '**', '**:rest', ':x+', ':x*', '{a}?'));
const joined = (parts: readonly string[]) => `/${parts.join('/')}`;
/** Of these each makes an area of its own, or stands beside all areas. */
const parted = fc
  .tuple(fc.oneof(word, fc.constant(':x')), fc.array(part, { maxLength: 2 }), last)
  .map(([first, parts, end]) => joined([first, ...parts, end]));
/** With some of these, all are one tree. */
const whatever = fc
  .tuple(fc.array(fc.oneof(part, fc.constant('*')), { maxLength: 3 }), fc.option(last))
  .map(([parts, end]) => joined(end === null ? parts : [...parts, end]));
const segment = fc.constantFrom(
  'a',
  'b',
  'a-b',
  'filler-1',
  '7',
  '',
  '.',
  '..',
  'a.x',
  'A',
  '__proto__',
  'constructor',
);
const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);

function one(patterns: readonly string[]) {
  const tree = createRouter<string>();
  for (const text of patterns) addRoute(tree, '', text, text);
  return (path: string) => findRoute(tree, '', path, { params: false })?.data;
}

const isReadable = (text: string) => {
  try {
    addRoute(createRouter(), '', text, true);
    return true;
  } catch {
    return false;
  }
};

describe('a tree of many patterns,', () => {
  it.each([
    ['that fall into areas', parted],
    ['of any kind', whatever],
  ])('%s finds what one tree of all of them finds', (_, pattern) => {
    fc.assert(
      fc.property(
        fc.array(pattern.filter(isReadable), { maxLength: 8 }),
        fc.array(path, { minLength: 20, maxLength: 40 }),
        (few, paths) => {
          const patterns = [...MANY, ...few];
          const find = createPathTree(patterns.map((text) => [text, text]));
          const expected = one(patterns);
          for (const asked of paths) expect([asked, find(asked)]).toEqual([asked, expected(asked)]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('finds it again after as many other areas have been asked for as it keeps', () => {
    const find = createPathTree(MANY.map((text) => [text, text]));
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < MANY.length; i++) expect(find(`/filler-${i}/7`)).toBe(`/filler-${i}/:id`);
    }
    expect(find('/filler-60/7')).toBeUndefined();
  });
});
