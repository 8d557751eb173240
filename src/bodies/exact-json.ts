/** Variables nested deeper are nothing that an application sends. */
const MAX_DEPTH = 64;
/** Sorting the members of more values than this costs more vCPU than a second spelling of the same would. */
const MAX_SORTED = 1000;
/** Numbers that have to be looked at one by one. */
const MAX_LONG_NUMBERS = 256;

const STRINGS = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/g;
/** 16 digits or more, an exponent, or -0: they may lose something. Any decimal of 15 digits is a number of its own in JavaScript. */
const LONG_NUMBERS = /-?\d[\d.]{15,}(?:[eE][+-]?\d+)?|-?\d[\d.]*[eE][+-]?\d+|-0(?:\.0+)?(?![\d.])/g;

/**
 * JSON text as a value; undefined where it is not JSON, where a member stands twice in an object, of which another parser may take
 * the other one, or where a number in it would not survive: 9007199254740993 is read as 9007199254740992, and two requests
 * would have one key.
 */
export function parseExactJson(text: string, maxLongNumbers = MAX_LONG_NUMBERS): unknown {
  let value: unknown;
  let bare: string;
  try {
    value = JSON.parse(text);
    // What stands in strings is text. Of JSON alone: a string that never ends would be looked for from each of its quotes.
    bare = text.replace(STRINGS, '""');
    if (members(bare) !== members(JSON.stringify(value).replace(STRINGS, '""'))) return undefined;
  } catch {
    return undefined;
  }
  const numbers = bare.match(LONG_NUMBERS) ?? [];
  return numbers.length <= maxLongNumbers && numbers.every(isExact) ? value : undefined;
}

/** Each member has a colon, and outside of strings nothing else has one. */
function members(bare: string): number {
  return bare.split(':').length;
}

/** Whether JavaScript writes the very number that a token says: -0 would become 0, and 1e400 no number at all. */
function isExact(token: string): boolean {
  const number = Number(token);
  const written = JSON.stringify(number);
  return written === token || (Number.isFinite(number) && decimalOf(written) === decimalOf(token));
}

/** One text for each decimal number: its digits without the zeros around them, and their power of ten. */
function decimalOf(token: string): string {
  const [mantissa = '', exponent = '0'] = token.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return `${sign}0`;
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/**
 * A value of {@link parseExactJson} as text that is another one for another value: members sorted, numbers as JavaScript writes
 * them. Where there are very many values their order stays. null: nested too deep.
 */
export function canonicalJson(value: unknown, maxSorted = MAX_SORTED): string | null {
  try {
    const plain = JSON.stringify(value);
    return commas(plain, maxSorted) > maxSorted ? plain : sorted(value, 0);
  } catch {
    // Nested beyond what the host can write.
    return null;
  }
}

function commas(text: string, limit: number): number {
  return text.split(',', limit + 2).length;
}

/** Text, and no object that is built member by member: a member `__proto__` would vanish in one. */
function sorted(value: unknown, depth: number): string | null {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth >= MAX_DEPTH) return null;
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const item of value) {
      const text = sorted(item, depth + 1);
      if (text === null) return null;
      parts.push(text);
    }
    return `[${parts.join(',')}]`;
  }
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, inner] of members) {
    const text = sorted(inner, depth + 1);
    if (text === null) return null;
    parts.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${parts.join(',')}}`;
}
