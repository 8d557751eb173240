import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasParameter } from '../../../src/http/query-parameter.ts';

const PATTERNS = { names: new Set(['preview']), globs: [['_storyblok', '']] };
const has = (query: string) => hasParameter(query, PATTERNS);

describe('a query has a parameter', () => {
  it.each([
    'preview',
    'preview=',
    'a=1&preview=true',
    'Preview=1',
    '%50REVIEW=1',
    '%2570review=1',
    'pre%76iew=1',
    'preview[]=1',
    'preview%5Bid%5D=1',
    'a=1;preview=1',
    '+preview=1',
    '%20preview%20=1',
    'preview%00x=1',
    '_storyblok=1',
    '_storyblok_tk[space_id]=1',
    '%5Fstoryblok%5Ftk=1',
    '.storyblok=1',
    `${'a'.repeat(2000)}=1`,
  ])('%s', (query) => {
    expect(has(query)).toBe(true);
  });

  it.each([
    '',
    '&',
    '=',
    'previews=1',
    'xpreview=1',
    'a=preview',
    'a=%26preview=1',
    'q=preview&b=_storyblok',
    'pre=1&view=1',
  ])('not in %s', (query) => {
    expect(has(query)).toBe(false);
  });

  it('however a byte of its name is encoded', () => {
    const spelt = fc
      .tuple(
        ...[...'preview'].map((char) =>
          fc.constantFrom(char, char.toUpperCase(), `%${char.charCodeAt(0).toString(16)}`),
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(spelt, (name) => {
        expect(has(`a=1&${name}=1`)).toBe(true);
      }),
    );
  });

  it('in linear time', () => {
    const many = { names: new Set<string>(), globs: [['a', 'a', 'a', 'b']] };
    for (const query of ['a'.repeat(60_000), '%25'.repeat(20_000), '&'.repeat(60_000), 'a&'.repeat(30_000)]) {
      hasParameter(query, PATTERNS);
      hasParameter(query, many);
    }
  });
});
