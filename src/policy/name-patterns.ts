import type { Glob, NamePatterns } from '../http/name-pattern.ts';

/** Names as a policy lists them, made ready: what has no star is looked up, the rest is compared. */
export function compileNames(listed: readonly string[]): NamePatterns {
  return {
    names: new Set(listed.filter((name) => !isPattern(name))),
    globs: [...new Set(listed.filter(isPattern))].map(compileGlob),
  };
}

/** A pattern, taken apart at its stars. Two stars side by side say no more than one. */
export function compileGlob(pattern: string): Glob {
  return pattern.replace(/\*+/g, '*').split('*');
}

export function isPattern(name: string): boolean {
  return name.includes('*');
}

/**
 * Whether there is a name that both patterns mean: `wp_*` and `*_session` have `wp_session`. Each pair of places in the two is
 * looked at once.
 */
export function patternsOverlap(a: string, b: string): boolean {
  const seen = new Set<number>();
  const places: [number, number][] = [[0, 0]];
  for (let next = places.pop(); next !== undefined; next = places.pop()) {
    const [i, j] = next;
    const id = i * (b.length + 1) + j;
    if (seen.has(id)) continue;
    seen.add(id);
    if (i === a.length && j === b.length) return true;
    // A star stands for nothing, or for one character more of what the other asks for.
    if (a[i] === '*') places.push([i + 1, j]);
    if (b[j] === '*') places.push([i, j + 1]);
    if (a[i] === '*' && j < b.length) places.push([i, j + 1]);
    if (b[j] === '*' && i < a.length) places.push([i + 1, j]);
    if (i < a.length && a[i] === b[j]) places.push([i + 1, j + 1]);
  }
  return false;
}
