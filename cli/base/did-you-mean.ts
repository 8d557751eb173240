import { closest, distance } from 'fastest-levenshtein';

/** ` Did you mean "orders"?` where a known word is near, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (word === '' || known.length === 0) return '';
  const near = closest(word.toLowerCase(), [...known]);
  // A third of the letters may be wrong: `ordesr` is orders, `teem` is team, `x` is nothing.
  const isNear = distance(word.toLowerCase(), near.toLowerCase()) <= Math.max(1, Math.floor(near.length / 3));
  return isNear ? ` Did you mean "${near}"?` : '';
}
