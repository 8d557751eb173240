import { compareRoutes } from 'rou3';
import { pairOf } from './pairs.ts';

/** Patterns, each with the place of what it stands for. */
export type Patterns = readonly (readonly [pattern: string, place: number])[];

/**
 * What the policy itself has put below a protected path, as `/api/profile/avatar/:id` below `/api/profile`, is meant: it is judged by its
 * own rules. Pairs of its place and that of the protected pattern, in order.
 */
export function findAllowedOverlaps(routes: Patterns, protectedPaths: Patterns): Uint32Array {
  const areas = protectedPaths
    // Below the root is everything: it has no area.
    .filter(([path]) => path !== '/')
    .map(([path, place]) => ({ area: areaOf(path), segments: path.split('/'), place }));
  const pairs: number[] = [];
  for (const [path, place] of routes) {
    const segments = path.split('/');
    for (const { area, segments: others, place: areaPlace } of areas) {
      if (place === areaPlace || areApart(segments, others)) continue;
      if (['subset', 'equal'].includes(compareRoutes(path, area))) pairs.push(pairOf(place, areaPlace));
    }
  }
  return new Uint32Array(pairs.sort((a, b) => a - b));
}

function areaOf(path: string): string {
  return `${path.replace(/\/?(\*\*[^/]*)?$/, '')}/**`;
}

/** Two different words in one place, before a segment that takes several: seen fast, of a thousand times a thousand patterns. */
function areApart(a: readonly string[], b: readonly string[]): boolean {
  for (const [i, first] of a.entries()) {
    const second = b[i];
    if (second === undefined || /[*+?{}]/.test(first + second)) return false;
    if (first !== second && !/[:(\\]/.test(first + second)) return true;
  }
  return false;
}
