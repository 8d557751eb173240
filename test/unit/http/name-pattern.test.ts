import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { includesName, matchesGlob, matchesName } from '../../../src/http/name-pattern.ts';
import { withoutCookies } from '../../../src/http/withhold-cookies.ts';
import { compileGlob, compileNames, patternsOverlap } from '../../../src/policy/name-patterns.ts';

/** What the documentation says of a star, as a regular expression. */
const asRegExp = (pattern: string) =>
  new RegExp(
    `^${pattern.replace(/[^*]/g, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`).replace(/\*+/g, '.*')}$`,
    'su',
  );

const short = fc.string({ unit: fc.constantFrom('a', 'b', '*', '-'), maxLength: 6 });
const name = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 10 });

describe('a pattern of names', () => {
  it.each([
    ['wordpress_logged_in_*', 'wordpress_logged_in_4b1c', true],
    ['wordpress_logged_in_*', 'wordpress_logged_in_', true],
    ['wordpress_logged_in_*', 'WordPress_logged_in_x', false],
    ['wordpress_logged_in_*', 'xwordpress_logged_in_x', false],
    ['*_session', 'shop_session', true],
    ['*_session', 'shop_sessions', false],
    ['sb-*-auth-token', 'sb-abcd-auth-token', true],
    ['sb-*-auth-token', 'sb--auth-token', true],
    ['sb-*-auth-token', 'sb-auth-token', false],
    ['sb-*-auth-token', 'sb-abcd-auth-token.0', false],
    ['filter*', 'filter[a]', true],
    ['ab*ba', 'aba', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a.c', 'abc', false],
    ['a*', 'a\n', true],
    ['*', '', true],
    ['session', 'session', true],
    ['session', 'sessions', false],
    ['toString*', 'toString', true],
  ])('%s means %j: %s', (pattern, text, expected) => {
    expect(matchesName(pattern, text)).toBe(expected);
    expect(includesName(compileNames([pattern]), text)).toBe(expected);
  });

  it('means what a regular expression with .* means', () => {
    fc.assert(
      fc.property(short, name, (pattern, text) => {
        const expected = asRegExp(pattern).test(text);
        expect(matchesName(pattern, text)).toBe(expected);
        expect(matchesGlob(compileGlob(pattern), text)).toBe(expected);
      }),
    );
  });

  it('takes linear time for a name made to cost some', () => {
    const glob = compileGlob(`${'*a'.repeat(50)}*b`);
    // With backtracking this would not end.
    expect(matchesGlob(glob, 'a'.repeat(100_000))).toBe(false);
    expect(matchesGlob(glob, `${'a'.repeat(100_000)}b`)).toBe(true);
  });

  it('stands apart from exact names, which are looked up', () => {
    expect(compileNames(['gclid', 'utm_*', 'a**b', 'utm_*'])).toEqual({
      names: new Set(['gclid']),
      globs: [
        ['utm_', ''],
        ['a', 'b'],
      ],
    });
  });
});

describe('two patterns', () => {
  it.each([
    ['wp_*', '*_session', true],
    ['wp_*', 'wp_session', true],
    ['sb-*-token', 'sb-*-refresh', false],
    ['a*', 'b*', false],
    ['a*b', 'ab', true],
    ['a*b*', 'ba*', false],
    ['*', 'x', true],
    ['x', 'x', true],
    ['x', 'y', false],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect(patternsOverlap(a, b)).toBe(expected);
    expect(patternsOverlap(b, a)).toBe(expected);
  });

  it('overlap exactly where some name is meant by both', () => {
    const names: string[] = [''];
    for (const text of names) if (text.length < 6) names.push(`${text}a`, `${text}b`);
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 4 });
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        // Of two patterns with at most four letters between them some name of theirs has no more than these.
        fc.pre(a.replaceAll('*', '').length + b.replaceAll('*', '').length <= 6);
        const both = names.some((text) => matchesName(a, text) && matchesName(b, text));
        expect(patternsOverlap(a, b)).toBe(both);
      }),
    );
  });
});

describe('cookies that a pattern means', () => {
  const globs = [compileGlob('sb-*-auth-token')];
  const without = (field: string) => withoutCookies(field, new Set(), globs);

  it('are taken out, with all that another reader might take for them', () => {
    for (const other of [
      'sb-a-auth-token',
      'sb--auth-token',
      'SB-A-Auth-Token',
      '%73b-a-auth-token',
      '\u00a0sb-a-auth-token',
      'sb-a.b[-auth-token',
    ])
      expect(without(`a=1; ${other}=x; b=2`), other).toBe('a=1; b=2');
    expect(without('sb-a-auth-token.0=x; sb-auth-token=y')).toBe('sb-a-auth-token.0=x; sb-auth-token=y');
    expect(without('a=1, sb-a-auth-token=x; b=2')).toBe('a=1; b=2');
    expect(without('sb-a-auth-token=x')).toBeNull();
  });

  it('are gone whatever stands in the place of the star', () => {
    const between = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{0,12}$/);
    const glob = compileGlob('*ab');
    fc.assert(
      fc.property(between, (text) => {
        expect(withoutCookies(`x=1; ${text}ab=2`, new Set(), [glob])).toBe('x=1');
      }),
    );
  });
});
