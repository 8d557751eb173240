/** Variables nested deeper are nothing that an application sends. */
const MAX_DEPTH = 64;
/** A decimal with more digits may be a neighbour of the number that JavaScript makes of it. */
const MAX_DIGITS = 15;
/** Below it numbers lose digits, too. */
const TINIEST = 1e-290;

/** Strings are matched so that digits in them are not taken for numbers. */
const STRINGS_AND_NUMBERS = /"(?:[^"\\]|\\[\s\S])*"|-?\d[\d.eE+-]*/g;

/**
 * JSON text as a value; undefined where it is not JSON, or where a number in it would not survive: 9007199254740993 is read
 * as 9007199254740992, and two requests would have one key.
 */
export function parseExactJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    for (const [token] of text.matchAll(STRINGS_AND_NUMBERS)) {
      if (!token.startsWith('"') && !isExact(token)) return undefined;
    }
    return value;
  } catch {
    return undefined;
  }
}

function isExact(token: string): boolean {
  const digits = token
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '');
  if (digits === '') return true;
  const size = Math.abs(Number(token));
  return digits.length <= MAX_DIGITS && Number.isFinite(size) && size >= TINIEST;
}

/**
 * A value of {@link parseExactJson} as text in one spelling: members sorted, numbers as JavaScript writes them. Text, and no
 * object that is built member by member: a member `__proto__` would vanish in one. null where it is nested too deep.
 */
export function canonicalJson(value: unknown, depth = 0): string | null {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth >= MAX_DEPTH) return null;
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const item of value) {
      const text = canonicalJson(item, depth + 1);
      if (text === null) return null;
      parts.push(text);
    }
    return `[${parts.join(',')}]`;
  }
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, inner] of members) {
    const text = canonicalJson(inner, depth + 1);
    if (text === null) return null;
    parts.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${parts.join(',')}}`;
}
