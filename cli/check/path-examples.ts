import type { Policy } from '../../src/policy/policy.ts';
import type { Router } from '../../src/routing/router.ts';
import { sampleHosts } from './sample-hosts.ts';
import { matcherOf, samplePaths } from './sample-paths.ts';

/** What a route's pattern means, in paths. */
export interface PathExamples {
  readonly route: string;
  readonly path: string;
  /** Paths that get this route: two, or fewer where no guess fits. */
  readonly matches: readonly string[];
  /** A path that looks like these, and does not; null: the pattern takes everything. */
  readonly matchesNot: string | null;
}

/** For each route two paths that get it, of different depth where there are such, and one that does not. */
export function pathExamples({ routes }: Policy, router: Pick<Router, 'match'>): readonly PathExamples[] {
  return Array.from(routes, ({ name, path, hosts }) => {
    const onHosts = sampleHosts({ hosts });
    const samples = samplePaths(path).filter((sample) =>
      onHosts.some((host) => router.match(sample, host).name === name),
    );
    return { route: name, path, matches: twoOf(samples), matchesNot: notMatched(path, samples) };
  });
}

/** The shortest, and one that is deeper if the pattern takes such: whether it does is what people ask. */
function twoOf(samples: readonly string[]): readonly string[] {
  const byDepth = [...samples].sort((a, b) => depthOf(a) - depthOf(b));
  const [first] = byDepth;
  const second = byDepth.find((path) => first !== undefined && depthOf(path) > depthOf(first)) ?? byDepth[1];
  return [first, second].filter((path) => path !== undefined);
}

function depthOf(path: string): number {
  return path.split('/').length;
}

/** A path of several segments in the place of a single `*`; null: the pattern has none, or does not take it. */
export function deepPathOf(pattern: string): string | null {
  // A star within the parentheses of a constraint is one of an expression.
  const deeper = pattern.replace(/\([^)]*\)|(?<![*\\\w):])\*(?!\*)/g, (found) =>
    found === '*' ? 'sample/deeper' : found,
  );
  const [path] = deeper === pattern ? [] : samplePaths(deeper);
  return path !== undefined && matcherOf(pattern)(path) ? path : null;
}

function notMatched(pattern: string, samples: readonly string[]): string | null {
  const isMatched = matcherOf(pattern);
  const near = samples.flatMap((path) => [
    path === '/' ? '/more' : `${path}/more`,
    path.slice(0, path.lastIndexOf('/')) || '/',
    `${path}x`,
  ]);
  return near.find((path) => !isMatched(path)) ?? null;
}
