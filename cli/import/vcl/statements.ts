import { type Token, tokensOf } from './tokens.ts';

export interface Statement {
  readonly line: number;
  /** As it stands in the source. */
  readonly text: string;
  /** `if`: with what it asks and what follows; else the words of the statement. */
  readonly branches: readonly Branch[] | null;
  readonly words: readonly Token[];
}

/** null: `else`. */
export interface Branch {
  readonly condition: readonly Token[] | null;
  readonly body: readonly Statement[];
}

/** A declaration: `sub vcl_recv`, `backend web`. Several of one name are one. */
export interface Block {
  readonly kind: string;
  readonly name: string;
  readonly line: number;
  readonly body: readonly Statement[];
}

interface Reader {
  readonly source: string;
  readonly tokens: readonly Token[];
  place: number;
}

const MOST_DEPTH = 60;

/** What a VCL declares. What cannot be read as the language is a statement that nobody understands, and is quoted as such. */
export function blocksOf(source: string): readonly Block[] {
  const reader: Reader = { source, tokens: tokensOf(source), place: 0 };
  const blocks: Block[] = [];
  while (reader.place < reader.tokens.length) {
    const [kind, name, brace] = [peek(reader), peek(reader, 1), peek(reader, 2)];
    if (
      kind?.kind === 'word' &&
      name?.kind === 'word' &&
      (brace?.text === '{' || (kind.text === 'director' && peek(reader, 3)?.text === '{'))
    ) {
      reader.place += brace?.text === '{' ? 3 : 4;
      blocks.push({ kind: kind.text, name: name.text, line: kind.line, body: statementsOf(reader, 0) });
    } else {
      const statement = plain(reader);
      blocks.push({ kind: 'statement', name: '', line: statement.line, body: [statement] });
    }
  }
  return blocks;
}

function peek({ tokens, place }: Reader, ahead = 0): Token | undefined {
  return tokens[place + ahead];
}

function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}

/** Up to the `}` that ends them, which is taken too. */
function statementsOf(reader: Reader, depth: number): readonly Statement[] {
  const statements: Statement[] = [];
  while (reader.place < reader.tokens.length) {
    const token = peek(reader);
    if (isSign(token, '}')) {
      reader.place++;
      return statements;
    }
    if (isSign(token, ';')) reader.place++;
    else if (token?.text === 'if' && isSign(peek(reader, 1), '(') && depth < MOST_DEPTH)
      statements.push(conditional(reader, depth));
    else statements.push(plain(reader));
  }
  return statements;
}

function conditional(reader: Reader, depth: number): Statement {
  const start = reader.place;
  const branches: Branch[] = [];
  reader.place++;
  branches.push({ condition: inParentheses(reader), body: bodyOf(reader, depth) });
  for (;;) {
    const [word, after] = [peek(reader)?.text ?? '', peek(reader, 1)?.text];
    if (/^els(?:e_?if|if)$/i.test(word)) reader.place++;
    else if (word === 'else' && after === 'if') reader.place += 2;
    else if (word === 'else') {
      reader.place++;
      branches.push({ condition: null, body: bodyOf(reader, depth) });
      break;
    } else break;
    branches.push({ condition: inParentheses(reader), body: bodyOf(reader, depth) });
  }
  return { ...span(reader, start), branches, words: [] };
}

function bodyOf(reader: Reader, depth: number): readonly Statement[] {
  if (!isSign(peek(reader), '{')) return reader.place < reader.tokens.length ? [plain(reader)] : [];
  reader.place++;
  return statementsOf(reader, depth + 1);
}

function inParentheses(reader: Reader): readonly Token[] {
  const start = reader.place + 1;
  let depth = 0;
  for (; reader.place < reader.tokens.length; reader.place++) {
    const token = peek(reader);
    if (isSign(token, '(')) depth++;
    if (isSign(token, ')') && --depth === 0) break;
  }
  reader.place++;
  return reader.tokens.slice(start, reader.place - 1);
}

/** Up to `;`, or up to the end of a block in it. */
function plain(reader: Reader): Statement {
  const start = reader.place;
  let depth = 0;
  for (; reader.place < reader.tokens.length; reader.place++) {
    const token = peek(reader);
    if (isSign(token, '{')) depth++;
    if (isSign(token, '}') && --depth <= 0) {
      // One that closes what is around it is not part of the statement.
      if (depth === 0) reader.place++;
      break;
    }
    if (isSign(token, ';') && depth === 0) {
      reader.place++;
      break;
    }
  }
  if (reader.place === start) reader.place++;
  return { ...span(reader, start), branches: null, words: reader.tokens.slice(start, reader.place) };
}

function span({ source, tokens, place }: Reader, start: number): Pick<Statement, 'line' | 'text'> {
  const [first, last] = [tokens[start], tokens[place - 1]];
  return {
    line: first?.line ?? 0,
    text: source.slice(first?.start ?? 0, last?.end ?? 0).replace(/\s+/g, ' '),
  };
}
