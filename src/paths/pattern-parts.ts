/** A piece of a path pattern, in the grammar of rou3. */
export interface PatternPart {
  /**
   * `text`: literal, without its escapes. `name`: `:id`. `group`: `(\d+)`. `mark`: `*`, `**`, `{`, `}`, and `?`, `+`, `*` after a
   * name or a group.
   */
  readonly kind: 'text' | 'name' | 'group' | 'mark';
  readonly text: string;
}

/** The pieces of a pattern, in their order; `\` before a character makes that a literal one. */
export function partsOf(pattern: string): readonly PatternPart[] {
  const parts: PatternPart[] = [];
  let text = '';
  const take = (kind: PatternPart['kind'], taken: string) => {
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
    parts.push({ kind, text: taken });
    return taken.length;
  };
  for (let i = 0; i < pattern.length; ) {
    const rest = pattern.slice(i);
    const name = /^:[A-Za-z_]\w*/.exec(rest)?.[0];
    const isAfterName = text === '' && ['name', 'group'].includes(parts.at(-1)?.kind ?? '');
    if (rest.startsWith('\\') && rest.length > 1) {
      text += rest[1];
      i += 2;
    } else if (name !== undefined) i += take('name', name);
    else if (rest.startsWith('(')) i += take('group', rest.slice(0, endOfGroup(rest)));
    else if (rest.startsWith('**')) i += take('mark', '**');
    else if (/^[*{}]/.test(rest)) i += take('mark', rest.charAt(0));
    else if (/^[?+]/.test(rest) && (isAfterName || parts.at(-1)?.text === '}'))
      i += take('mark', rest.charAt(0));
    else {
      text += rest.charAt(0);
      i += 1;
    }
  }
  if (text !== '') parts.push({ kind: 'text', text });
  return parts;
}

/** Behind the `)` of a group; one that does not close takes all that follows. */
function endOfGroup(text: string): number {
  let depth = 0;
  let isClass = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (isClass) isClass = char !== ']';
    else if (char === '[') isClass = true;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return i + 1;
  }
  return text.length;
}
