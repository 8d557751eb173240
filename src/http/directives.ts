/** Directives of a `Cache-Control`-like field: name in lower case to its arguments, in order; null: no argument. */
export interface Directives {
  readonly has: (name: string) => boolean;
  /** It stands there without an argument: `private="x"` is about one field only (RFC 9111 section 5.2.2.7). */
  readonly hasPlain: (name: string) => boolean;
  /** The argument of a directive, or null where it has none or does not stand there. */
  readonly argument: (name: string) => string | null;
  /**
   * A delta-seconds argument (RFC 9111 section 1.2.2). Where it stands twice the smaller one counts, and one that is not a whole number counts
   * as 0: stale. null where the directive does not stand there.
   */
  readonly seconds: (name: string) => number | null;
  /** Something in the field could not be read as directives. */
  readonly malformed: boolean;
}

const MAX_SECONDS = 2 ** 31;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Parses `Cache-Control` (RFC 9111 section 5.2). Tolerant of white space, case and quoted numbers; strict in what follows from it: what
 * cannot be read never makes a response fresher.
 */
export function parseDirectives(field: string): Directives {
  const found = new Map<string, (string | null)[]>();
  const parts = splitOutsideQuotes(field);
  // A quote that stays open would include what follows, a no-store perhaps.
  let malformed = parts === null;
  const texts = parts ?? field.split(',');
  for (let i = 0; i < texts.length; i++) {
    const part = (texts[i] as string).trim();
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    const argument = equals < 0 ? null : part.slice(equals + 1);
    // White space around `=` is an error, but what was meant is clear enough to be obeyed where it forbids.
    if (!TOKEN.test(name) || (argument !== null && argument !== argument.trim())) malformed = true;
    const key = name.trim().toLowerCase();
    if (!TOKEN.test(key)) continue;
    const value = argument === null ? null : unquote(argument.trim());
    const known = found.get(key);
    if (known === undefined) found.set(key, [value]);
    else known.push(value);
  }
  return {
    malformed,
    has: (name) => found.has(name),
    hasPlain: (name) => found.get(name)?.includes(null) === true,
    argument: (name) => found.get(name)?.find((value) => value !== null) ?? null,
    seconds(name) {
      const all = found.get(name);
      if (all === undefined) return null;
      let least = MAX_SECONDS;
      all.forEach((value) => {
        least = Math.min(least, value !== null && /^\d+$/.test(value) ? Number(value) : 0);
      });
      return least;
    },
  };
}

/** Splits at commas that do not stand in a quoted string: `private="a, b", max-age=1`. null: a quote stays open. */
function splitOutsideQuotes(field: string): string[] | null {
  if (!field.includes('"')) return field.split(',');
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < field.length; i++) {
    const char = field[i];
    if (quoted && char === '\\') i++;
    else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      parts.push(field.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(field.slice(start));
  return quoted ? null : parts;
}

function unquote(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length >= 2
    ? text.slice(1, -1).replace(/\\(.)/g, '$1')
    : text;
}
