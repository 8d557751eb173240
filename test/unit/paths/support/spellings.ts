import fc from 'fast-check';
import type { TestRoute } from './types.ts';

/** What is done to a path, at one place of it. */
type Change = (path: string, at: number) => string;

const encode = (text: string, isUpper: boolean) => {
  const hex = Buffer.from(text, 'utf8').toString('hex').replace(/../g, '%$&');
  return isUpper ? hex.toUpperCase() : hex;
};
const WIDE = (char: string) =>
  char >= '!' && char <= '~' ? String.fromCodePoint(char.charCodeAt(0) + 0xfee0) : char;
const KIN: Readonly<Record<string, string>> = {
  k: '\u212a',
  s: '\u017f',
  i: '\u0131',
  fi: '\ufb01',
  ü: 'u\u0308',
  ß: 'SS',
  '.': '\u2024',
};

/** A character, or an escape as a whole. */
const unitsOf = (path: string) => path.match(/%[0-9a-fA-F]{2}|[\s\S]/gu) ?? [];
const onUnit =
  (change: (unit: string) => string): Change =>
  (path, at) => {
    const units = unitsOf(path);
    const place = 1 + (at % Math.max(1, units.length - 1));
    return [...units.slice(0, place), change(units[place] ?? ''), ...units.slice(place + 1)].join('');
  };
/** Behind a segment. */
const behind =
  (text: string): Change =>
  (path, at) => {
    const segments = path.split('/');
    const place = 1 + (at % Math.max(1, segments.length - 1));
    return segments.map((segment, i) => (i === place ? segment + text : segment)).join('/');
  };
const slash =
  (text: string): Change =>
  (path, at) => {
    const segments = path.split('/');
    if (segments.length < 3) return path;
    const place = 2 + (at % (segments.length - 2));
    return `${segments.slice(0, place).join('/')}${text}${segments.slice(place).join('/')}`;
  };

const CHANGES: readonly Change[] = [
  onUnit((unit) => (unit.length === 1 && unit !== '/' ? encode(unit, false) : unit)),
  onUnit((unit) => (unit === '/' ? unit : encode(unit, true))),
  onUnit((unit) => encode(unit, true).replaceAll('%', '%25')),
  onUnit((unit) => unit.toUpperCase()),
  onUnit((unit) => unit.toLowerCase()),
  (path) => path.toUpperCase(),
  onUnit((unit) => encode(WIDE(unit), true)),
  onUnit((unit) => encode(KIN[unit] ?? unit, false)),
  onUnit((unit) => (/^[a-z]$/.test(unit) ? `%u00${unit.charCodeAt(0).toString(16)}` : unit)),
  onUnit((unit) => (unit > '\u007f' && unit < '\u0100' ? `%${unit.charCodeAt(0).toString(16)}` : unit)),
  onUnit((unit) => (unit === ' ' || unit === '%20' ? '+' : unit)),
  onUnit((unit) => `${unit}%e2%80%8d`),
  (path) => path.normalize('NFD'),
  (path) => path.normalize('NFKC'),
  behind(';v=1'),
  behind('%3bv=1'),
  behind(';a%2fb'),
  behind('.'),
  behind('%20'),
  behind('%2e%2e'),
  behind('::$DATA'),
  behind('%09'),
  (path) => `${path}.json`,
  (path) => `${path}/x.css`,
  (path) => `${path}/`,
  (path) => `${path}%00.css`,
  (path) => `${path}%0a`,
  (path) => `${path}%3fx`,
  (path) => `${path}%23/x.css`,
  (path) => `${path}%253f/y`,
  slash('//'),
  slash('%2f'),
  slash('%252F'),
  slash('%5c'),
  slash('/;x/'),
  slash('/%2e/'),
  slash(encode('／', true)),
  (path) => `/x/%2e%2e${path}`,
];

/** Paths that some origin may take for those of a policy. */
export function spellings(routes: readonly TestRoute[], words: readonly string[]): fc.Arbitrary<string> {
  const change = fc.tuple(fc.nat(CHANGES.length - 1), fc.nat(40));
  return fc
    .tuple(
      fc.constantFrom(...routes),
      fc.array(fc.constantFrom(...words), { minLength: 4, maxLength: 4 }),
      fc.array(change, { maxLength: 4 }),
    )
    .map(([{ pattern }, filling, changes]) => {
      const path = concrete(pattern, filling);
      return changes.reduce((text, [index, at]) => CHANGES[index]?.(text, at) ?? text, path);
    })
    .filter((path) => !/[?#]/.test(path));
}

/** A path of a pattern, spelt as its author does. */
function concrete(pattern: string, words: readonly string[]): string {
  let next = 0;
  const word = () => words[next++ % words.length] ?? '';
  return pattern
    .replaceAll('\\', '')
    .split('/')
    .map((segment) => {
      if (segment === '**') return `${word()}/${word()}`;
      return segment.startsWith(':') ? word() : segment;
    })
    .join('/');
}
