import { addRoute, createRouter as createTree, findRoute } from 'rou3';
import { BoundedMemory } from '../keys/bounded-memory.ts';

/** The value of the most specific pattern that takes a path. */
export type PathTree<T> = (path: string) => T | undefined;

/** So many patterns are one tree, made beforehand. */
const PREBUILT = 50;
/** Of more patterns, those of so many areas are kept as trees. */
const MAX_AREAS = 16;

/**
 * First segments that are plain text, or anything whatsoever. A star that is not the end is ranked by what stands behind it, across all
 * patterns: with one of those, or with segments of dots, all are one tree.
 */
const PLAIN_AREA = /^\/([A-Za-z0-9_~-]+)(?:\/|$)/;
const ANY_AREA = /^\/(?:$|(?::\w+|\*{1,2}|\*\*:\w+)(?:\/|$))/;
const MANY_READINGS = /\/\.|\*[^/]*\//;

/**
 * A look-up by path that does not grow with the number of patterns. A garbage collection
 * follows each request and walks all that is in memory: so of many patterns, those that begin with one segment become a tree when that segment is asked for. A
 * pattern that begins so is more specific than any that does not, so the others are asked second.
 */
export function createPathTree<T>(patterns: readonly (readonly [pattern: string, value: T])[]): PathTree<T> {
  const mayBeParted = patterns.every(
    ([pattern]) => !MANY_READINGS.test(pattern) && (PLAIN_AREA.test(pattern) || ANY_AREA.test(pattern)),
  );
  return patterns.length <= PREBUILT || !mayBeParted ? treeOf(patterns) : partedTree(patterns);
}

function treeOf<T>(patterns: readonly (readonly [string, T])[]): PathTree<T> {
  const tree = createTree<T>();
  for (const [pattern, value] of patterns) addRoute(tree, '', pattern, value);
  return (path) => findRoute(tree, '', path, { params: false })?.data;
}

function partedTree<T>(patterns: readonly (readonly [string, T])[]): PathTree<T> {
  const areas = new Map<string, { patterns: string[]; values: T[] }>();
  const others: (readonly [string, T])[] = [];
  for (const entry of patterns) {
    const [pattern, value] = entry;
    const name = PLAIN_AREA.exec(pattern)?.[1];
    if (name === undefined) {
      others.push(entry);
      continue;
    }
    const area = areas.get(name) ?? { patterns: [], values: [] };
    areas.set(name, area);
    area.patterns.push(pattern);
    area.values.push(value);
  }
  const anywhere = treeOf(others);
  const built = new BoundedMemory<string, PathTree<T>>(MAX_AREAS);

  return (path) => {
    const end = path.indexOf('/', 1);
    const name = end < 0 ? path.slice(1) : path.slice(1, end);
    const area = areas.get(name);
    if (area === undefined) return anywhere(path);
    let tree = built.get(name);
    if (tree === undefined) {
      tree = treeOf(area.patterns.map((pattern, i) => [pattern, area.values[i] as T]));
      built.set(name, tree);
    }
    return tree(path) ?? anywhere(path);
  };
}
