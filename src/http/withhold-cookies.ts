import { matchesName } from './name-pattern.ts';
import { decodePercent } from './percent.ts';
import { trimOws } from './trim.ts';

/**
 * The Cookie field without the cookies of these names, and without those that another reader might take for one of them;
 * null where nothing is left.
 *
 * @param names - Each with one `*` at most.
 */
export function withoutCookies(field: string, names: ReadonlySet<string>): string | null {
  const exact = new Set<string>();
  const patterns: string[] = [];
  for (const name of names) {
    if (name.includes('*')) patterns.push(asPhp(folded(name)));
    else exact.add(asPhp(folded(name)));
  }
  const isNamed = (pair: string) =>
    readingsOf(pair.slice(0, Math.max(pair.indexOf('='), 0))).some(
      (name) => exact.has(name) || patterns.some((pattern) => matchesName(pattern, name)),
    );
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
