import type { Glob } from './name-pattern.ts';

const DIGITS = [...'0123456789abcdef'];
/** Percent, however often it was encoded itself. */
const PERCENT = '%(?:25)*';
/** What stands before a name or behind it and is no visible character, as it is or encoded: some trim more than blanks. */
const INVISIBLE = `(?:[^!-~]|${PERCENT}(?:${digit('01')}${digit('0-9a-f')}|${encoded(0x20)}|${encoded(0x7f)}|${digit('89a-f')}${digit('0-9a-f')}))*`;
/** Where the name ends, for PHP at a NUL or the `[` of an array too. */
const END = `${INVISIBLE}(?:$|\\0|${PERCENT}${encoded(0)}|\\[|${PERCENT}${encoded(0x5b)})`;

const MAX_KNOWN = 50;
/** Made once: the names come from the policy. */
const known = new Map<string, RegExp>();

/**
 * Matches a cookie's name in which somebody may read one of these: some servers trim, some do not tell upper from lower case, some
 * decode, more than once. PHP takes `.`, ` ` and `[` for `_`, gives `session[x]` to `session`, and ends a name at NUL. One pattern, because a
 * client may send hundreds of names, and to decode each would cost more than the rest of the request. Linear in time, but for patterns
 * with several stars.
 */
export function readingsOf(names: ReadonlySet<string>, globs: readonly Glob[]): RegExp {
  const key = JSON.stringify([[...names], globs]);
  let pattern = known.get(key);
  if (pattern === undefined) {
    const exact = Array.from(names, readText);
    const starred = globs.map((glob) => glob.map(readText).join('.*'));
    pattern = new RegExp(`^${INVISIBLE}(?:${[...exact, ...starred].join('|')})${END}`, 'is');
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, pattern);
  }
  return pattern;
}

function readText(text: string): string {
  return Array.from(text, readCharacter).join('');
}

/** One character of a name, in all that is read as it. */
function readCharacter(character: string): string {
  const all = '._ ['.includes(character)
    ? [...'._ [']
    : [...new Set([character.toLowerCase(), character.toUpperCase()])];
  const literal = all.map((one) => `\\x${hexOf(one.charCodeAt(0))}`).join('');
  return `(?:[${literal}]|${PERCENT}(?:${all.map((one) => encoded(one.charCodeAt(0))).join('|')}))`;
}

/** The two digits of an encoded character. */
function encoded(code: number): string {
  return Array.from(hexOf(code), digit).join('');
}

/** A hexadecimal digit of these, or one that is encoded: `%%373` is `%73`. `digits`: as in a class. */
function digit(digits: string): string {
  const codes = DIGITS.filter((one) => new RegExp(`[${digits}]`).test(one)).map((one) => one.charCodeAt(0));
  const both = codes.flatMap((code) => (code >= 0x61 ? [code, code - 0x20] : [code]));
  return `(?:[${digits}]|${PERCENT}(?:${both.map(hexOf).join('|')}))`;
}

function hexOf(code: number): string {
  return code.toString(16).padStart(2, '0');
}
