/** Two places as one number. */
export function pairOf(place: number, area: number): number {
  return place * 65_536 + area;
}

/** Whether a pair is one of these, which stand in order. */
export function hasPair(pairs: Uint32Array, pair: number): boolean {
  let low = 0;
  let high = pairs.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = pairs[middle] ?? 0;
    if (found === pair) return true;
    if (found < pair) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
