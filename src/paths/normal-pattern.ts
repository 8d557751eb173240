import { normalPath } from './normal-path.ts';
import { partsOf } from './pattern-parts.ts';

/** A pattern whose literal text is in the normal form of paths: `/%c3%bcber/:id` is `/%C3%BCber/:id`. */
export function normalPattern(pattern: string): string {
  let normal = '';
  let isAfterName = false;
  for (const { kind, text } of partsOf(pattern)) {
    normal += kind === 'text' ? escaped(normalPath(text), isAfterName) : text;
    isAfterName = kind === 'name';
  }
  return normal;
}

/** Literal text, as rou3 takes it for no syntax. */
function escaped(text: string, isAfterName: boolean): string {
  const safe = text.replace(/[\\:()*]/g, '\\$&');
  return isAfterName && /^[\w+]/.test(safe) ? `\\${safe}` : safe;
}

/** What is wrong with a pattern beyond what rou3 finds, as a fix; null: nothing. */
export function patternFix(pattern: string): string | null {
  if (!pattern.startsWith('/')) return 'A pattern begins with "/".';
  const parts = partsOf(pattern);
  for (const [i, { kind, text }] of parts.entries()) {
    const [before, after] = [parts[i - 1], parts[i + 1]];
    if (kind === 'group' && before?.kind !== 'name')
      return 'A `(` opens a constraint: write `\\(` for the character, or name what it constrains: `/:id(\\d+)`.';
    if (kind === 'mark' && text === '}' && after?.text !== '?')
      return 'Braces hold what may be left out, `{/more}?`: write `:id` for a segment of any text, `\\{` for the character.';
    if (kind === 'text') {
      const fix = textFix(text);
      if (fix !== null) return fix;
    }
  }
  return null;
}

function textFix(text: string): string | null {
  if (text.includes('?')) return 'A query is no part of a path: write `%3F` for the character.';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[;\\\u0000-\u001f\u007f]|%(?:2f|5c|3b|7f|[01][0-9a-f])/i.test(text))
    return 'Encoded slashes, backslashes, control characters and `;` never match: such targets always pass.';
  if (/%(?![0-9a-f]{2})/i.test(text)) return 'A `%` begins an escape: write `%25` for the character.';
  if (/\/\//.test(text))
    return 'A path with an empty segment is read like one without it: remove the second slash.';
  const segments = normalPath(text).split('/');
  if (segments.some((segment) => segment === '.' || segment === '..'))
    return 'A path with a dot segment is refused: write the path that it leads to.';
  return null;
}
