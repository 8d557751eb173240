import { addRoute, compareRoutes, createRouter as createTree } from 'rou3';
import { compileRouter, compileRouterToString } from 'rou3/compiler';
import type { Policy } from '../types/policy.ts';
import { foldPattern } from './fold.ts';
import { createRouter, type Matchers, type Router } from './router.ts';

/** A router in Node: for tests, and for the command line. */
export function routerOf(policy: Policy): Router {
  return createRouter(policy, compileMatchers(policy));
}

/**
 * The patterns of a policy as functions, which rou3's compiler writes: what they find is a number, the place of a route or an
 * origin in the policy. For Node; the service gets the same as text, {@link matchersSource}.
 */
export function compileMatchers(policy: Policy): Matchers {
  const { route, cmsPath, twin, anyHost, byHost } = patternsOf(policy);
  return {
    route: compileRouter(treeOf(route)),
    cmsPath: compileRouter(treeOf(cmsPath)),
    twin: compileRouter(treeOf(twin)),
    anyHost: compileRouter(treeOf(anyHost)),
    byHost: new Map(byHost.map(([host, patterns]) => [host, compileRouter(treeOf(patterns))])),
    meant: meantPairs(policy),
  };
}

/**
 * The module that stands in the place of `compiled-matchers.ts` in the service: neither the patterns nor what reads them is in
 * memory there.
 */
export function matchersSource(policy: Policy): string {
  const { route, cmsPath, twin, anyHost, byHost } = patternsOf(policy);
  const text = (patterns: Patterns) => compileRouterToString(treeOf(patterns));
  const hosts = byHost.map(([host, patterns]) => `[${JSON.stringify(host)},${text(patterns)}]`);
  return `export default {
  route: ${text(route)},
  cmsPath: ${text(cmsPath)},
  twin: ${text(twin)},
  anyHost: ${text(anyHost)},
  byHost: new Map([${hosts.join(',')}]),
  meant: new Set(${JSON.stringify([...meantPairs(policy)])}),
};
`;
}

/** Each with what it stands for. */
type Patterns = readonly (readonly [pattern: string, place: number])[];

function patternsOf(policy: Policy) {
  const { routes, cms, origins } = policy;
  const placesOf = (host: string | null): Patterns =>
    origins.flatMap(({ hosts, paths }, i) =>
      (host === null ? hosts.length === 0 : hosts.includes(host))
        ? paths.map((path): [string, number] => [path, i])
        : [],
    );
  return {
    route: [...routes].map(({ path }, i): [string, number] => [path, i]),
    cmsPath: cms.paths.map((path, i): [string, number] => [path, i]),
    twin: protectedPaths(policy).flatMap((path, i): [string, number][] => {
      const folded = foldPattern(path);
      if (/\*\*[^/]*$/.test(folded)) return [[folded, i]];
      return [
        [folded, i],
        [`${folded.replace(/\/$/, '')}/**`, i],
      ];
    }),
    anyHost: placesOf(null),
    byHost: [...new Set(origins.flatMap(({ hosts }) => hosts))].map((host): [string, Patterns] => [
      host,
      placesOf(host),
    ]),
  };
}

function treeOf(patterns: Patterns) {
  const tree = createTree<number>();
  for (const [pattern, place] of patterns) addRoute(tree, '', pattern, place);
  return tree;
}

/** Patterns that no look-alike may get around. */
function protectedPaths({ routes, cms }: Policy): string[] {
  const isProtected = ({ kind }: Policy['fallback']) => kind === 'scoped' || kind === 'sensitive';
  return [...[...routes].filter(isProtected).map(({ path }) => path), ...cms.paths];
}

/**
 * A public route that the policy itself put below a protected one (`/api/profile/avatar/:id`) is meant:
 * `<its pattern> <place of the other>`.
 */
function meantPairs(policy: Policy): Set<string> {
  const pairs = new Set<string>();
  const below = protectedPaths(policy).map((path) => `${path.replace(/\/?(\*\*[^/]*)?$/, '')}/**`);
  for (const { path, scope } of [...policy.routes, policy.fallback]) {
    if (scope !== null) continue;
    below.forEach((protectedArea, i) => {
      if (areApart(path, protectedArea)) return;
      if (['subset', 'equal'].includes(compareRoutes(path, protectedArea))) pairs.add(`${path} ${i}`);
    });
  }
  return pairs;
}

/** Their first segments are two different words: seen fast, of a thousand times a thousand patterns. */
function areApart(a: string, b: string): boolean {
  const [first, second] = [a, b].map((pattern) => /^\/([\w~-]+)(?:\/|$)/.exec(pattern)?.[1]);
  return first !== undefined && second !== undefined && first !== second;
}
