/** A regular expression over a URL as globs: together they match whatever it does, perhaps more. */
export interface RegexGlobs {
  readonly globs: readonly string[];
  /** Whether they match nothing else. */
  readonly isExact: boolean;
  /** It looks into the query, which no pattern of a path sees. */
  readonly isQuery: boolean;
}

const EVERYTHING: RegexGlobs = { globs: ['*'], isExact: false, isQuery: false };
const MOST_GLOBS = 60;

/** `^/admin` is `/admin*`; `\.(png|css)$` is `*.png` and `*.css`; `wp-admin` is `*wp-admin*`. */
export function globsOfRegex(regex: string): RegexGlobs {
  if (regex.length > 1000 || /^\(\?/.test(regex)) return EVERYTHING;
  let isExact = true;
  let isQuery = false;
  const whole = alternatives(regex).flatMap((alternative) => {
    const starts = alternative.startsWith('^');
    // A query may follow, and is no part of a path: `(\?|$)`, `(\?.*)?$`.
    const body = alternative
      .replace(/^\^/, '')
      .replace(/\((?:\?:)?\\\?(?:\.\*)?\|\$\)$|\((?:\?:)?\$\|\\\?\)$|\((?:\?:)?\\\?[^()]*\)\?\$$/, '$');
    const ends = /(?:^|[^\\])\$$/.test(body);
    isQuery ||= /[=&]|\\\?/.test(body);
    const read = expand(ends ? body.slice(0, -1) : body);
    if (read === null) {
      isExact = false;
      const literal = starts
        ? (/^[\w/.~-]*/.exec(body.replace(/\\([./-])/g, '$1'))?.[0] ?? '').replace(/.$/, '')
        : '';
      return [`${literal}*`];
    }
    isExact &&= read.isExact;
    return read.texts.map((text) => `${starts ? '' : '*'}${text}${ends ? '' : '*'}`);
  });
  const globs = [
    ...new Set(
      whole.map((glob) =>
        (glob.startsWith('/') || glob.startsWith('*') ? glob : `*${glob}`).replace(/\*+/g, '*'),
      ),
    ),
  ];
  return globs.length > MOST_GLOBS ? EVERYTHING : { globs, isExact, isQuery };
}

/** The texts that a piece stands for, with `*` for what may be anything; null: it is more than this reads. */
function expand(regex: string): { texts: readonly string[]; isExact: boolean } | null {
  let texts = [''];
  let isExact = true;
  for (let rest = regex; rest !== ''; ) {
    const group = /^\((?:\?:)?([^()]*)\)(\??)/.exec(rest);
    const wild =
      /^(?:\.[*+]\??|\[\^?(?:\\.|[^\]\\])+\](?:[*+]\??|\{[\d,]+\})?|\\[dw](?:[*+]\??|\{[\d,]+\})?)/.exec(
        rest,
      );
    const optional = /^(\\[^\w]|[\w/~@,-])\?/.exec(rest);
    const literal = /^(?:\\([^\w])|([\w/~@,%&=-]))(?![*+{])/.exec(rest);
    if (wild !== null) {
      isExact &&= wild[0] === '.*';
      texts = texts.map((text) => `${text}*`);
      rest = rest.slice(wild[0].length);
    } else if (group !== null) {
      const inner = alternatives(group[1] ?? '').map(expand);
      if (inner.includes(null)) return null;
      const options = inner.flatMap((one) => one?.texts ?? []);
      isExact &&= inner.every((one) => one?.isExact);
      texts = texts.flatMap((text) =>
        [...options, ...(group[2] === '?' ? [''] : [])].map((option) => text + option),
      );
      rest = rest.slice(group[0].length);
    } else if (optional !== null) {
      const char = (optional[1] ?? '').replace('\\', '');
      texts = texts.flatMap((text) => [text, text + char]);
      rest = rest.slice(optional[0].length);
    } else if (literal !== null) {
      const char = literal[1] ?? literal[2] ?? '';
      // The query is no part of a path: whatever asks for one asks for the path before it.
      if (char === '?') return { texts: texts.map((text) => `${text}*`), isExact: false };
      texts = texts.map((text) => text + char);
      rest = rest.slice(literal[0].length);
    } else if (rest.startsWith('.') && !/^\.[*+?{]/.test(rest)) {
      texts = texts.map((text) => `${text}?`);
      rest = rest.slice(1);
    } else return null;
    if (texts.length > MOST_GLOBS) return null;
  }
  return { texts, isExact };
}

/** At the `|` outside of groups and classes. */
function alternatives(text: string): readonly string[] {
  const found = [''];
  let depth = 0;
  let isClass = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const last = found.length - 1;
    if (char === '\\') found[last] += char + text.charAt(++i);
    else {
      if (char === '[') isClass = true;
      if (char === ']') isClass = false;
      if (char === '(' && !isClass) depth++;
      if (char === ')' && !isClass) depth--;
      if (char === '|' && depth === 0 && !isClass) found.push('');
      else found[last] += char;
    }
  }
  return found;
}
