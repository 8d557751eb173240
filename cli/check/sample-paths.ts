import { addRoute, createRouter, findRoute } from 'rou3';

const MAX_SAMPLES = 64;

/** Paths that a pattern matches, by rou3 itself; none where no guess fits, as with a strict constraint. */
export function samplePaths(pattern: string): readonly string[] {
  const isMatched = matcherOf(pattern);
  let paths = [''];
  for (const segment of pattern.split('/').slice(1)) {
    const next = paths.flatMap((path) =>
      guesses(segment).map((guess) => (guess === null ? path : `${path}/${guess}`)),
    );
    paths = next.slice(0, MAX_SAMPLES);
  }
  return [...new Set(paths.map((path) => path || '/'))].filter(isMatched);
}

/** Whether a path matches a pattern, by rou3 itself. */
export function matcherOf(pattern: string): (path: string) => boolean {
  const tree = createRouter<true>();
  addRoute(tree, '', pattern, true);
  return (path) => findRoute(tree, '', path, { params: false }) !== undefined;
}

/** What may stand in the place of a segment; null: nothing at all. */
function guesses(segment: string): readonly (string | null)[] {
  if (segment.includes('**')) return ['sample', 'sample/deep', 'sample/deep/er', null];
  if (/^[^:*(){}?]*$/.test(segment)) return [segment];
  const filled = (value: string) =>
    segment.replace(/:\w+(?:\([^)]*\))?[?+*]?|\([^)]*\)|\*|\{[^}]*\}\??/g, value);
  const some = ['sample', '7', '2026', 'a-b', '2026-01-31'].map(filled);
  // Both may match no segment at all.
  return segment === '*' || segment.endsWith('?') ? [...some, null] : some;
}
