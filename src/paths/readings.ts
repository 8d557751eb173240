import { decodeOnce } from './decode.ts';
import { replaceEach } from './each.ts';
import { type Folding, foldCharacters, mapped } from './fold-characters.ts';

/** An honest path has one to four. */
const MAX_READINGS = 32;
/** All readings of a path together: what it costs to read one is bounded. */
const MAX_CHARACTERS = 16_384;
const FEW_READINGS = 6;
/** Stands for a slash that was encoded and does not separate; no text has the character. */
const KEPT_SLASH = '\ufffe';
/** Stands for a segment in bytes that are no UTF-8: any text of another encoding. */
export const UNREADABLE = '\uffff';
const DOT_SEGMENT = /(?:^|\/)\.{1,2}(?:\/|$)/;
/** Paths that are read in one way by everybody. */
const PLAIN = /^(?:\/[a-z0-9_-]+)+$/;

/** What an origin might do to a path, each of them or not, in any order and repeatedly. */
const STEPS = [
  'decode',
  'decode-kept',
  'special',
  'parameters',
  'stream',
  'tail',
  'backslash',
  'merge',
  'controls',
  'ends',
  'blanks',
  'overlong',
  'latin',
  'dropped',
  'unreadable',
] as const;
type Step = (typeof STEPS)[number];

/** What a path in its normal form could mean to origins: each in the form of folded patterns. */
export interface Readings {
  /** The first one is read as it came, but for case. */
  readonly whole: readonly string[];
  /** Without the extension of the last segment, by which some choose a format: `/api/me.json` is `/api/me`. */
  readonly stems: readonly string[];
}

/** null: somebody would find a dot segment in it, or there are more readings than an honest path has. */
export function readingsOf(path: string, folding: Folding): Readings | null {
  if (PLAIN.test(path)) return { whole: [path], stems: [] };
  const states = isSimple(path) ? [path] : statesOf(path, folding);
  if (states === null) return null;
  const whole: string[] = [];
  const stems: string[] = [];
  for (let i = 0; i < states.length; i++) {
    const text = canonical(states[i] as string, folding);
    if (whole.includes(text)) continue;
    whole.push(text);
    const stem = /^(.*[^./])\.[^./]+\/?$/.exec(text)?.[1];
    if (stem !== undefined && !stems.includes(stem)) stems.push(stem);
  }
  return { whole, stems };
}

/** The reading of whoever does all of it: URLs that could be one to an origin fold to the same. */
export function foldPath(path: string, folding: Folding): string {
  if (PLAIN.test(path)) return path;
  let text = path;
  for (let i = 0; i < MAX_READINGS && !isSimple(text); i++) {
    const before = text;
    for (const step of STEPS) if (!/kept|latin|unreadable/.test(step)) text = taken(step, text, folding);
    if (text === before) break;
  }
  return canonical(text, folding).replace(/(.)\/$/, '$1');
}

/** No step does anything to it. */
function isSimple(path: string): boolean {
  return !/[^/\w.~-]|\.(?:\/|$)|\/\//.test(path);
}

function statesOf(path: string, folding: Folding): string[] | null {
  const states = new Set([path]);
  const most = Math.min(MAX_READINGS, Math.max(FEW_READINGS, MAX_CHARACTERS / path.length));
  for (const state of states) {
    if (DOT_SEGMENT.test(state)) return null;
    for (const step of STEPS) states.add(taken(step, state, folding));
    if (states.size > most) return null;
  }
  return [...states];
}

/** The text after a step; the same where there is nothing to do. */
function taken(step: Step, text: string, folding: Folding): string {
  switch (step) {
    case 'decode':
      return text.includes('%') ? decodeOnce(text) : text;
    case 'decode-kept':
      return /%2f|%u002f/i.test(text) ? decodeOnce(text.replace(/%2f|%u002f/gi, KEPT_SLASH)) : text;
    case 'special':
      return mapped(text, folding.special);
    case 'parameters':
      return text.replace(/;[^/]*/g, '');
    case 'stream':
      // `::$DATA` names the same file to Windows.
      return text.replace(/::\$[^/]*/g, '');
    case 'tail':
      return text.replace(/[?#\0\r\n].*$/s, '');
    case 'backslash':
      return text.replaceAll('\\', '/');
    case 'merge':
      return text.replace(/\/{2,}/g, '/');
    case 'controls':
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      return replaceEach(text, /[\u0000-\u001f\u007f]/g, () => '');
    // At the end of each segment, where Windows drops them. Looked at from the first of a run on, so that it takes linear time.
    case 'ends':
      return replaceEach(text, /(?<![.\s])[.\s]+\//g, () => '/').replace(/(?<![.\s])[.\s]+$/, '');
    case 'blanks':
      // Some drop the blank alone, and keep a line feed.
      return replaceEach(text, /(?<![. ])[. ]+\//g, () => '/').replace(/(?<![. ])[. ]+$/, '');
    case 'overlong':
      return replaceEach(
        replaceEach(text, /[\uf7c0\uf7c1][\uf780-\uf7bf]/g, lowBits),
        /\uf7e0[\uf780-\uf79f][\uf780-\uf7bf]/g,
        lowBits,
      );
    case 'latin':
      return replaceEach(text, /[\uf780-\uf7ff]/g, (byte) => String.fromCharCode(byte.charCodeAt(0) & 0xff));
    case 'dropped':
      return replaceEach(text, /[\uf780-\uf7ff]/g, () => '');
    case 'unreadable':
      // From the beginning of a segment on, so that it takes linear time.
      return /[\uf780-\uf7ff]/.test(text)
        ? text.replace(/(?<![^/])[^/]*[\u0080-\uffff][^/]*/g, UNREADABLE)
        : text;
  }
}

/** Of the last two bytes of a character. */
function lowBits(bytes: string): string {
  const last = bytes.length - 1;
  return String.fromCharCode(((bytes.charCodeAt(last - 1) & 0x1f) << 6) | (bytes.charCodeAt(last) & 0x3f));
}

function canonical(text: string, folding: Folding): string {
  return encodeFolded(foldCharacters(text, folding));
}

/** Folded text without a character that a pattern gives a meaning, or that rou3 would encode. `+` is a blank to some. */
export function encodeFolded(text: string): string {
  if (/^[a-z0-9/._~-]*$/.test(text)) return text;
  const encoded = encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd').replaceAll('+', ' '));
  return replaceEach(
    encoded.replaceAll('%2F', '/'),
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
