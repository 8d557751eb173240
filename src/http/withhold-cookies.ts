import type { Glob } from '../types/policy.ts';
import { matchesGlob } from './name-pattern.ts';
import { decodePercent } from './percent.ts';
import { trimOws } from './trim.ts';

/**
 * The Cookie field without the cookies of these names and patterns, and without those that another reader might take for one of
 * them; null where nothing is left.
 */
export function withoutCookies(
  field: string,
  names: ReadonlySet<string>,
  globs: readonly Glob[] = [],
): string | null {
  const exact = new Set([...names].map((name) => asPhp(folded(name))));
  const patterns = globs.map((glob) => glob.map((part) => asPhp(part.toLowerCase())));
  const isNamed = (pair: string) => {
    const sent = pair.slice(0, Math.max(pair.indexOf('='), 0));
    // A broken escape can hide the part behind a star from who decodes, and not from who does not.
    return (
      readingsOf(sent).some(
        (name) => exact.has(name) || patterns.some((pattern) => matchesGlob(pattern, name)),
      ) || globs.some((glob) => matchesGlob(glob, trimOws(sent)))
    );
  };
  const kept: string[] = [];
  for (const text of field.split(';')) {
    // Some split at a comma too. It may be part of a value: only where one of the names stands behind it does it end a pair.
    const pairs = text.includes(',') ? text.split(',') : [text];
    const left = pairs.some(isNamed) ? pairs.filter((pair) => !isNamed(pair)) : [text];
    const rest = trimOws(left.join(','));
    if (rest !== '') kept.push(rest);
  }
  return kept.length === 0 ? null : kept.join('; ');
}

/**
 * The names that somebody may read in one: some servers trim more than blanks, some do not tell upper from lower case, some decode,
 * more than once. PHP takes `.`, ` ` and `[` for `_`, gives `session[x]` to `session`, and ends a name at NUL.
 */
function readingsOf(name: string): readonly string[] {
  const whole = folded(decoded(name));
  const readings = [whole];
  const nul = whole.indexOf('\0');
  const text = nul < 0 ? whole : folded(whole.slice(0, nul));
  if (nul >= 0) readings.push(text);
  const bracket = text.indexOf('[');
  if (bracket >= 0) readings.push(folded(text.slice(0, bracket)));
  return readings.map(asPhp);
}

function asPhp(name: string): string {
  return name.replace(/[. []/g, '_');
}

function decoded(name: string): string {
  let text = name;
  for (let round = 0; round < 3 && text.includes('%'); round++) text = decodePercent(text);
  return text;
}

/** Without what is no visible character at both ends, in lower case. */
function folded(name: string): string {
  let start = 0;
  let end = name.length;
  while (start < end && !isVisible(name.charCodeAt(start))) start++;
  while (end > start && !isVisible(name.charCodeAt(end - 1))) end--;
  return name.slice(start, end).toLowerCase();
}

function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}
