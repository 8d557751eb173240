import type { EdgeError } from '../errors.ts';
import { malformed } from './parse-request.ts';

/** Of a longer one the rest is not compared, nor shown. */
const MAX_LENGTH = 64;
/** A large policy has thousands of routes. */
const MAX_NAMES = 50;

/** The operator has named something that the policy does not have: told with what there is, and what is near. */
export function unknownName(
  kind: 'scope' | 'type' | 'route',
  name: string,
  known: readonly string[],
): EdgeError {
  const shown = name.slice(0, MAX_LENGTH);
  const near = nearest(shown, known);
  const meant = near === null ? '' : ` Did you mean ${JSON.stringify(near)}?`;
  const more = known.length > MAX_NAMES ? `, and ${known.length - MAX_NAMES} more` : '';
  const list = known.length === 0 ? 'none' : `${known.slice(0, MAX_NAMES).join(', ')}${more}`;
  return malformed(
    `no such ${kind} in the policy`,
    `Unknown ${kind} ${JSON.stringify(shown)}.${meant} Known: ${list}.`,
  );
}

/**
 * The name that fewest letters make of a word: `policy/did-you-mean.ts` in a few lines. The library behind that keeps 256 KiB in memory, which every
 * visitor's request would pay for.
 */
function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const other = name.slice(0, MAX_LENGTH).toLowerCase();
    let above = Array.from({ length: other.length + 1 }, (_, i) => i);
    for (let i = 1; i <= word.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        const isSame = word[i - 1]?.toLowerCase() === other[j - 1];
        const changed = (above[j - 1] ?? 0) + (isSame ? 0 : 1);
        row.push(Math.min(changed, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
      }
      above = row;
    }
    const distance = above[other.length] ?? 0;
    const allowed = name.length <= 3 ? 1 : Math.max(2, Math.floor(name.length / 3));
    if (distance <= allowed && distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}
