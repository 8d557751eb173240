import { decodeOnce } from './decode.ts';
import { type Folding, foldCharacters, mapped } from './fold-characters.ts';
import { foldConstraint } from './fold-constraint.ts';
import { type PatternPart, partsOf } from './pattern-parts.ts';
import { encodeFolded, UNREADABLE } from './readings.ts';

export interface FoldedPattern {
  readonly pattern: string;
  /** false: it matches more than the pattern does. */
  readonly isExact: boolean;
  /** The pattern for paths in bytes that are no UTF-8: null where it is ASCII. */
  readonly unreadable: string | null;
}

/**
 * A pattern for the readings of paths: its literal text folded as they are. null: it holds what has no folding that everybody
 * agrees on, and cannot be guarded.
 */
export function foldPattern(pattern: string, folding: Folding): FoldedPattern | null {
  let [folded, unreadable] = ['', ''];
  let isExact = true;
  const parts = partsOf(pattern);
  for (const [i, part] of parts.entries()) {
    if (part.kind === 'text') {
      const text = foldText(part.text, parts[i - 1], parts[i + 1], folding);
      if (text === null) return null;
      folded += text;
      unreadable += text
        .split('/')
        .map((segment) => (/%[89a-f]/i.test(segment) ? encodeFolded(UNREADABLE) : segment))
        .join('/');
      continue;
    }
    const constraint = part.kind === 'group' ? foldConstraint(part.text) : part.text;
    if (constraint === null) isExact = false;
    folded += constraint ?? '';
    unreadable += constraint ?? '';
  }
  return { pattern: folded, isExact, unreadable: unreadable === folded ? null : unreadable };
}

/** What would be decoded, cut off or taken for a slash. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const AMBIGUOUS = /[/\\;\u0000-\u001f\u007f]|%(?:[0-9a-f]{2}|u[0-9a-f]{4})/i;

/** The literal texts of a pattern, decoded: what the tables have to hold. */
export function textsOf(pattern: string): string[] {
  return partsOf(pattern).map(({ kind, text }) => {
    if (kind === 'text') return decodeOnce(text);
    return kind === 'group' ? 'abcdefghijklmnopqrstuvwxyz0123456789_~-,@!$&=' : '';
  });
}

function foldText(
  text: string,
  before: PatternPart | undefined,
  after: PatternPart | undefined,
  folding: Folding,
): string | null {
  const segments: string[] = [];
  const all = text.split('/');
  for (const [i, segment] of all.entries()) {
    const decoded = decodeOnce(segment);
    const characters = [...decoded];
    if (/[\uf780-\uf7ff]/.test(decoded) || AMBIGUOUS.test(decoded)) return null;
    if (characters.some((char) => char >= '\u0080' && !['', char].includes(mapped(char, folding.special))))
      return null;
    const folded = foldCharacters(mapped(decoded, folding.special), folding);
    const isEnd = i < all.length - 1 || after === undefined;
    const trimmed = isEnd ? folded.replace(/[.\s]{1,64}$/, '') : folded;
    if (folded !== '' && trimmed === '') return null;
    segments.push(encodeFolded(trimmed));
  }
  const joined = segments.join('/');
  // It would be read as a part of the name.
  return before?.kind === 'name' && /^\w/.test(joined) ? null : joined;
}
