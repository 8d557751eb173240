import { replaceEach } from './each.ts';

/**
 * Characters that Unicode (NFKD, upper and lower case) makes into others, as far as a policy's patterns need them: the runtime has no
 * `String.prototype.normalize`. Runs of five numbers, in order: first and last character, where in `text` the first one's
 * outcome stands and how long it is, and 1 where each next character becomes the next one of that.
 */
export interface CharacterTable {
  readonly runs: Uint32Array;
  readonly text: string;
}

/** How a policy's router folds characters. */
export interface Folding {
  readonly plain: CharacterTable;
  /** What becomes `/`, `\`, `.`, `%`, `;`, `?`, `#`, a blank or nothing: readers differ in it. */
  readonly special: CharacterTable;
  /** Combining marks of the patterns: their order counts for nothing. */
  readonly marks: string;
}

/** Lower case, and by the table. The same function folds paths and, when the service is built, patterns. */
export function foldCharacters(text: string, { plain, marks }: Folding): string {
  const lower = text.toLowerCase();
  return isAscii(lower) ? lower : sorted(mapped(lower, plain), marks);
}

/**
 * By a table, as far as it goes. What a character becomes is in no table itself, so that each one that is there is replaced once, for
 * all its places: a function of ours for each character of a long text would cost what many requests do.
 */
export function mapped(text: string, table: CharacterTable): string {
  if (isAscii(text)) return text;
  return replaceEach(text, patternOf(table), (char) => lookUp(char, table));
}

const patterns = new WeakMap<CharacterTable, RegExp>();

/** Any character of a table. */
function patternOf(table: CharacterTable): RegExp {
  const known = patterns.get(table);
  if (known !== undefined) return known;
  let ranges = '';
  for (let run = 0; run < table.runs.length; run += 5)
    ranges += `\\u{${(table.runs[run] ?? 0).toString(16)}}-\\u{${(table.runs[run + 1] ?? 0).toString(16)}}`;
  const pattern = new RegExp(`[${ranges}]`, 'gu');
  patterns.set(table, pattern);
  return pattern;
}

function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text);
}

function lookUp(char: string, { runs, text }: CharacterTable): string {
  const code = char.codePointAt(0) ?? 0;
  let low = 0;
  let high = runs.length / 5 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const run = 5 * middle;
    const first = runs[run] ?? 0;
    if (code < first) high = middle - 1;
    else if (code > (runs[run + 1] ?? 0)) low = middle + 1;
    else {
      const at = runs[run + 2] ?? 0;
      if (runs[run + 4] === 1) return String.fromCodePoint((text.codePointAt(at) ?? 0) + code - first);
      return text.slice(at, at + (runs[run + 3] ?? 0));
    }
  }
  return char;
}

function sorted(text: string, marks: string): string {
  // One mark alone is in order.
  if (marks === '' || !new RegExp(`[${marks}]{2}`, 'u').test(text)) return text;
  let [done, run] = ['', ''];
  for (const char of text) {
    if (marks.includes(char)) run += char;
    else {
      done += [...run].sort().join('') + char;
      run = '';
    }
  }
  return done + [...run].sort().join('');
}
