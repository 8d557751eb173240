/** Patterns of paths in which `*` is any run of characters, slashes too, and `?` is one: CloudFront's, and what a VCL's regular expression comes to. */

/** Whether a glob matches a text; a `*` of the text counts as a character that only a `*` matches. In time linear in both, almost. */
export function globMatches(glob: string, text: string): boolean {
  let [g, t, star, resume] = [0, 0, -1, 0];
  while (t < text.length) {
    if (glob[g] === '*') {
      star = g++;
      resume = t;
    } else if (g < glob.length && (glob[g] === text[t] || (glob[g] === '?' && text[t] !== '*'))) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++resume;
    } else return false;
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}

/** Whether everything that `inner` matches is matched by `outer`; false where that is not plain. */
export function globCovers(outer: string, inner: string): boolean {
  return globMatches(outer, inner);
}

export interface PatternsOfGlob {
  /** Of a policy: together they match whatever the glob does, perhaps more. null: nothing does. */
  readonly cover: readonly string[] | null;
  /** They match nothing that the glob does not, but for the path above a final `/**`. */
  readonly within: readonly string[];
}

/** How deep in a path a part is looked for that may stand anywhere. */
const LEVELS = 4;

// Patterns of a policy for a glob. `/api/*` is `/api/**`; `*.jpg` is `/**/:s0(.*\.jpg)`; `/admin*` is `/:s0(admin.*)` and what is below;
// `*wp-admin*` is looked for in the first four segments, and what is deeper counts as covered.
export function patternsOfGlob(glob: string): PatternsOfGlob {
  const text = (glob.startsWith('/') || glob.startsWith('*') ? glob : `/${glob}`).replace(/\*+/g, '*');
  if (text === '*' || text === '/*') return { cover: ['/**'], within: ['/**'] };
  if (text.length > 255 || /[;\\\s]|%2f|%5c|\/\//i.test(text)) return { cover: null, within: [] };
  const rooted = text.startsWith('*') ? text : text.slice(1);
  const segments = rooted.split('/');
  const isSafe = segments.every((segment) => (segment.match(/\*/g)?.length ?? 0) <= 3);
  if (!isSafe) return { cover: null, within: [] };
  const crossings = segments.flatMap((segment, i) => (segment.includes('*') ? [i] : []));
  if (crossings.length === 0) {
    const plain = `/${segments.map((segment, i) => segmentPattern(segment, i)).join('/')}`;
    return { cover: [plain], within: [plain] };
  }
  return withStars(text, segments, crossings);
}

function withStars(text: string, segments: readonly string[], crossings: readonly number[]): PatternsOfGlob {
  const last = segments.length - 1;
  const first = crossings[0] ?? 0;
  const before = segments
    .slice(0, first)
    .map((segment, i) => `/${segmentPattern(segment, i)}`)
    .join('');
  const star = segments[first] ?? '';
  // What follows the first segment with a star takes part only where it is the whole of what is left.
  if (first === last) {
    if (star === '*') return same([`${before}/**`]);
    if (/^[^*]+\*$/.test(star)) return prefixed(before, star, first);
    if (/^\*[^*]+$/.test(star)) return same([`${before}/**/${segmentPattern(star, first)}`]);
    if (/^\*[^*]+\*$/.test(star)) return anywhere(before, star, first);
    if (/^\*[^*]+\*[^*]+$/.test(star)) return anywhereAndEnd(before, star, first);
    if (/^[^*]+\*[^*]+$/.test(star)) {
      const [head = '', tail = ''] = star.split('*');
      const one = `${before}/${segmentPattern(star, first)}`;
      const deeper = `${before}/${segmentPattern(`${head}*`, first)}/**/${segmentPattern(`*${tail}`, last + 1)}`;
      return same([one, deeper]);
    }
    return { cover: [`${before}/**`], within: [`${before}/${segmentPattern(star, first)}`] };
  }
  const after = segments.slice(first + 1);
  if (crossings.length === 1 && star === '*') {
    return same([
      `${before}/**/${after.map((segment, i) => segmentPattern(segment, first + 1 + i)).join('/')}`,
    ]);
  }
  if (crossings.length === 2 && after.at(-1) === '*' && crossings[1] === last) {
    // `/a/*/b/*`: only one wildcard is to be had, so that the first is one segment, and all of it is covered by what is above.
    const middle = after.slice(0, -1).map((segment, i) => segmentPattern(segment, first + 1 + i));
    const within = `${before}/${segmentPattern(star, first)}/${[...middle, '**'].join('/')}`;
    return { cover: [`${before}/**`], within: [within] };
  }
  const within = `/${segments.map((segment, i) => segmentPattern(segment, i)).join('/')}`;
  return { cover: text.startsWith('*') ? ['/**'] : [`${before}/**`], within: [within] };
}

function same(patterns: readonly string[]): PatternsOfGlob {
  return { cover: patterns, within: patterns };
}

/** `/admin*`: the segment, and all below it. */
function prefixed(before: string, star: string, place: number): PatternsOfGlob {
  const segment = `${before}/${segmentPattern(star, place)}`;
  return same([segment, `${segment}/**`]);
}

/** `*wp-admin*`: in one of the first segments; what is deeper counts as if it were there. */
function anywhere(before: string, star: string, place: number): PatternsOfGlob {
  const levels = Array.from({ length: LEVELS }, (_, level) => {
    const above = Array.from({ length: level }, (_unused, i) => `/:a${i}`).join('');
    return `${before}${above}/${segmentPattern(star, place)}/**`;
  });
  const deep = `${before}${Array.from({ length: LEVELS }, (_, i) => `/:a${i}`).join('')}/**`;
  return { cover: [...levels, deep], within: levels };
}

/** `*wp-admin*.js`: the end in the same segment, or in one below it. */
function anywhereAndEnd(before: string, star: string, place: number): PatternsOfGlob {
  const [, middle = '', end = ''] = star.split('*');
  const own = `${before}/**/${segmentPattern(star, place)}`;
  const { cover, within } = anywhere(before, `*${middle}*`, place);
  const ended = (path: string) => `${path}/${segmentPattern(`*${end}`, place + LEVELS)}`;
  return { cover: [own, ...(cover ?? []).map(ended)], within: [own, ...within.map(ended)] };
}

/** One segment: its literal text, or a parameter with a constraint. */
function segmentPattern(segment: string, place: number): string {
  if (segment === '*') return `:s${place}`;
  if (!/[*?]/.test(segment)) return segment.replace(/[:()*{}]/g, '\\$&');
  const constraint = [...segment]
    .map((char) => (char === '*' ? '.*' : char === '?' ? '.' : /[\w~,-]/.test(char) ? char : `\\${char}`))
    .join('');
  return `:s${place}(${constraint})`;
}
