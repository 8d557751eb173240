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

/** By a table, as far as it goes. */
export function mapped(text: string, table: CharacterTable): string {
  if (isAscii(text)) return text;
  let folded = '';
  for (const char of text) folded += char < '\u0080' ? char : lookUp(char, table);
  return folded;
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
  if (marks === '') return text;
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
