import { patternsOfGlob } from '../glob.ts';

export interface Matched {
  /** Patterns of a policy: together they match whatever the matcher does, perhaps more. */
  readonly cover: readonly string[];
  /** Beginnings that a `(?!…)` leaves out, as regular expressions. */
  readonly except: readonly string[];
}

/** A matcher of Next.js, which is a pattern of path-to-regexp: `/about/:path*`, `/((?!api|_next/static).*)`. */
export function coverOf(matcher: string): Matched {
  const everything: Matched = { cover: ['/**'], except: [] };
  if (!matcher.startsWith('/') || matcher.length > 2000) return everything;
  const negative = /^\/\(\(\?!(.*)\)\.[*+]\)$/.exec(matcher);
  if (negative !== null) return { ...everything, except: alternatives(negative[1] ?? '') };
  const pattern = segmentsOf(matcher);
  if (pattern !== null) return { cover: [pattern], except: [] };
  // As far as it is literal; whatever begins like that is covered.
  const literal = /^[^:(){}*+?\\]*/.exec(matcher)?.[0] ?? '/';
  return { cover: patternsOfGlob(`${literal}*`).cover ?? ['/**'], except: [] };
}

/** Where a matcher is written in what both know: literal segments, `:id`, and at the end `:path*`, `:path?` or `(.*)`. */
function segmentsOf(matcher: string): string | null {
  const segments = matcher.split('/').slice(1);
  const patterns = segments.map((segment, i) => {
    const isLast = i === segments.length - 1;
    if (/^[\w.~@,-]*$/.test(segment)) return segment;
    if (/^:[A-Za-z_]\w{0,40}$/.test(segment)) return segment;
    if (
      isLast &&
      /^(?::[A-Za-z_]\w{0,40}(?:\(\.\*\))?[*+]|:[A-Za-z_]\w{0,40}\(\.\*\)|\(\.\*\))$/.test(segment)
    )
      return '**';
    if (isLast && /^:[A-Za-z_]\w{0,40}\?$/.test(segment)) return segment;
    return null;
  });
  return patterns.includes(null) ? null : `/${patterns.join('/')}`;
}

/** At the `|` outside of all groups. */
function alternatives(text: string): readonly string[] {
  const found = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (char === '|' && depth === 0) found.push('');
    else found[found.length - 1] += char;
  }
  return found.filter((one) => one !== '');
}

/** What is left out and is a file for everybody, as a pattern; null: it may be anything. */
export function publicFile(except: string): string | null {
  const text = except.replace(/\$$/, '').replace(/\\\./g, '.');
  if (/^_next\/static\/?$/.test(text)) return '/_next/static/**';
  return /^[\w-]+\.(?:ico|txt|xml|webmanifest|png|svg)$/.test(text) ? `/${text}` : null;
}
