/** Counts by name. A log that makes up names does not fill the memory: beyond `maxNames` they are counted together. */
export interface BoundedCounts {
  add(name: string): void;
  /** The most frequent first. */
  list(): { name: string; count: number }[];
}

export const OTHERS = '(others)';
/** No name of ours is longer. */
const MAX_NAME = 80;

export function createBoundedCounts(maxNames: number): BoundedCounts {
  const counts = new Map<string, number>();
  return {
    add(given) {
      const name = given.slice(0, MAX_NAME);
      const known = counts.get(name);
      if (known !== undefined) counts.set(name, known + 1);
      else if (counts.size < maxNames) counts.set(name, 1);
      else counts.set(OTHERS, (counts.get(OTHERS) ?? 0) + 1);
    },
    list: () =>
      [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || order(a, b)),
  };
}

function order(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
