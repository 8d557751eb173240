import { decodeOnce } from './decode.ts';
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
      return text.replace(/[\u0000-\u001f\u007f]/g, '');
    case 'ends':
      return withoutEnds(text, /[.\s]/);
    case 'blanks':
      // Some drop the blank alone, and keep a line feed.
      return withoutEnds(text, /[. ]/);
    case 'overlong':
      return text
        .replace(/[\uf7c0\uf7c1][\uf780-\uf7bf]/g, (pair) => lowBits(pair))
        .replace(/\uf7e0[\uf780-\uf79f][\uf780-\uf7bf]/g, (three) => lowBits(three.slice(1)));
    case 'latin':
      return text.replace(/[\uf780-\uf7ff]/g, (byte) => String.fromCharCode(byte.charCodeAt(0) & 0xff));
    case 'dropped':
      return text.replace(/[\uf780-\uf7ff]/g, '');
    case 'unreadable':
      if (!/[\uf780-\uf7ff]/.test(text)) return text;
      return text
        .split('/')
        .map((segment) => (/[\u0080-\uffff]/.test(segment) ? UNREADABLE : segment))
        .join('/');
  }
}

function lowBits(pair: string): string {
  return String.fromCharCode(((pair.charCodeAt(0) & 0x1f) << 6) | (pair.charCodeAt(1) & 0x3f));
}

/** Without such characters at the end of each segment: Windows drops dots and blanks. A regular expression for the whole would take quadratic time on dots. */
function withoutEnds(text: string, dropped: RegExp): string {
  if (!/[.\s](?:\/|$)/.test(text)) return text;
  return text
    .split('/')
    .map((segment) => {
      let end = segment.length;
      while (end > 0 && dropped.test(segment.charAt(end - 1))) end--;
      return segment.slice(0, end);
    })
    .join('/');
}

function canonical(text: string, folding: Folding): string {
  return encodeFolded(foldCharacters(text, folding));
}

/** Folded text without a character that a pattern gives a meaning, or that rou3 would encode. `+` is a blank to some. */
export function encodeFolded(text: string): string {
  if (/^[a-z0-9/._~-]*$/.test(text)) return text;
  return text
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
    .replaceAll('+', ' ')
    .replace(/[^a-z0-9/._~-]+/g, (run) =>
      encodeURIComponent(run).replace(
        /[!'()*]/g,
        (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    );
}
