import { CliError } from '../../base/cli-error.ts';

export interface Token {
  /** `text`: in quotes, without them. `word`: a name, a number, a duration. `sign`: everything else. */
  readonly kind: 'text' | 'word' | 'sign';
  readonly text: string;
  readonly line: number;
  /** Where it stands in the source. */
  readonly start: number;
  readonly end: number;
}

const MOST_TOKENS = 200_000;
const SPACE = /\s+|(?:#|\/\/)[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const WORD = /[A-Za-z0-9_][\w.:-]*%?/y;
const SIGN = /==|!=|!~|&&|\|\||\+=|-=|<=|>=|[{}();,+~!<>=*/.%-]/y;

/** A VCL in its tokens, without white space and comments. What is none of the language is a token of its own. */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let counted = 0;
  for (let i = 0; i < source.length; ) {
    const space = at(SPACE, source, i);
    if (space !== null) {
      i += space.length;
      continue;
    }
    for (; counted < i; counted++) if (source[counted] === '\n') line++;
    const [kind, raw, text] = next(source, i);
    tokens.push({ kind, text, line, start: i, end: i + raw.length });
    i += raw.length;
    if (tokens.length > MOST_TOKENS)
      throw new CliError('CLI_INPUT', `More than ${MOST_TOKENS} words.`, 'Give a file of the service alone.');
  }
  return tokens;
}

function next(source: string, i: number): [Token['kind'], string, string] {
  // A long string, as {"…"} and as {xyz"…"xyz}.
  const long = /^\{([A-Za-z0-9_]{0,32})"/.exec(source.slice(i, i + 40));
  if (long !== null) {
    const end = source.indexOf(`"${long[1]}}`, i + long[0].length);
    const raw = end < 0 ? source.slice(i) : source.slice(i, end + 2 + (long[1]?.length ?? 0));
    return ['text', raw, raw.slice(long[0].length, end < 0 ? undefined : end - i)];
  }
  if (source[i] === '"') {
    const end = source.indexOf('"', i + 1);
    const raw = end < 0 ? source.slice(i) : source.slice(i, end + 1);
    return ['text', raw, raw.replace(/^"|"$/g, '')];
  }
  const word = at(WORD, source, i);
  if (word !== null) return ['word', word, word];
  const sign = at(SIGN, source, i) ?? source.charAt(i);
  return ['sign', sign, sign];
}

function at(pattern: RegExp, source: string, place: number): string | null {
  pattern.lastIndex = place;
  return pattern.exec(source)?.[0] ?? null;
}
