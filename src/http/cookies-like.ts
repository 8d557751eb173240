import type { Glob } from './name-pattern.ts';
import { matchesGlob } from './name-pattern.ts';

/** The cookies whose names a pattern means, in their order; one that was sent twice is there twice. */
export function cookiesLike(
  cookies: ReadonlyMap<string, readonly string[]>,
  glob: Glob,
): readonly (readonly [name: string, value: string])[] {
  const found: [string, string][] = [];
  for (const [name, values] of cookies) {
    if (matchesGlob(glob, name)) for (const value of values) found.push([name, value]);
  }
  return found;
}
