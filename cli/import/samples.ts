import { globCovers, globMatches } from './glob.ts';

/** More than this is not compared: a source has 75 rules at most without asking for more. */
const MOST = 20_000;

/** A glob as it is compared: with its slash. */
export function rooted(glob: string): string {
  return glob.startsWith('/') || glob.startsWith('*') ? glob : `/${glob}`;
}

/** Globs that lie within two others, and the paths right above a final `/*`: where the order of rules may matter. */
export function overlaps(globs: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const glob of globs) {
    if (glob.endsWith('/*') && glob.length > 2 && !/[*?]/.test(glob.slice(0, -2)))
      found.add(glob.slice(0, -2));
    for (const other of globs) {
      if (glob === other || found.size > MOST) continue;
      for (const filler of endsOf(other)) {
        const inside = glob.replace('*', filler);
        if (inside !== glob && globCovers(other, inside) && globCovers(glob, inside)) found.add(inside);
      }
      if (globCovers(glob, other)) found.add(other);
    }
  }
  return [...found];
}

/** Concrete paths of globs. */
export function samplePaths(globs: readonly string[]): readonly string[] {
  const paths = new Set<string>();
  for (const glob of globs) {
    for (const filler of ['', 'x', 'x/y', 'x.html', 'x/y/z/q/r']) {
      const path = glob.replaceAll('*', filler).replaceAll('?', 'q');
      const whole = path.startsWith('/') ? path : `/${path}`;
      if (!/\/\//.test(whole) && globMatches(glob, whole) && paths.size < MOST) paths.add(whole);
    }
  }
  return [...paths];
}

/** What may stand for a `*` so that the whole ends like this glob: its ends, from each slash and each star. */
function endsOf(glob: string): readonly string[] {
  const ends: string[] = [];
  for (let i = 0; i < glob.length; i++) {
    if (glob[i] === '*') ends.push(glob.slice(i), glob.slice(i + 1));
    if (glob[i] === '/') ends.push(glob.slice(i + 1));
  }
  return [...new Set(ends)].filter((end) => end !== '').slice(0, 12);
}
