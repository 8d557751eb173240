import { closest, distance } from 'fastest-levenshtein';

/** ` Did you mean "orders"?` where a known word is near, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (word === '' || known.length === 0) return '';
  const near = closest(word.toLowerCase(), [...known]);
  // A third of the letters may be wrong, and two that have changed places: `hmca` is hmac, `x` is nothing.
  const allowed = near.length <= 3 ? 1 : Math.max(2, Math.floor(near.length / 3));
  const isNear = distance(word.toLowerCase(), near.toLowerCase()) <= allowed;
  return isNear ? ` Did you mean "${near}"?` : '';
}
