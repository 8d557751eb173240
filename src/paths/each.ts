/**
 * Replaces what a pattern matches, each different match once for all its places: a hostile text has a thousand matches, and a function of
 * ours for each of them would cost what many requests do.
 *
 * @param pattern - With `g`. Its matches do not overlap, and nothing that they become matches it.
 */
export function replaceEach(text: string, pattern: RegExp, meant: (match: string) => string): string {
  let replaced = text;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(replaced); found !== null; found = pattern.exec(replaced)) {
    const becomes = meant(found[0]);
    replaced = replaced.replaceAll(found[0], becomes);
    pattern.lastIndex = found.index + becomes.length;
  }
  return replaced;
}
