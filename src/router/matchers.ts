import { addRoute, compareRoutes, createRouter as createTree, type RouterContext } from 'rou3';
import { compileRouter, compileRouterToString } from 'rou3/compiler';
import { below } from '../policy/below.ts';
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
  const { byHost, ...matchers } = eachCompiled(policy, (tree) => compileRouter(tree));
  return { ...matchers, byHost: new Map(byHost), meant: meantPairs(policy) };
}

/**
 * The module that stands in the place of `compiled-matchers.ts` in the service: neither the patterns nor what reads them is in
 * memory there.
 */
export function matchersSource(policy: Policy): string {
  const { byHost, ...matchers } = eachCompiled(policy, (tree) => compileRouterToString(tree));
  const hosts = byHost.map(([host, matcher]) => `[${JSON.stringify(host)},${matcher}]`);
  return `export default {
  ${Object.entries(matchers)
    .map(([name, matcher]) => `${name}: ${matcher},`)
    .join('\n  ')}
  byHost: new Map([${hosts.join(',')}]),
  meant: new Set(${JSON.stringify([...meantPairs(policy)])}),
};
`;
}

/** Each with the place of what it stands for. */
type Patterns = readonly (readonly [pattern: string, place: number])[];

function eachCompiled<Matcher>(policy: Policy, compile: (tree: RouterContext<number>) => Matcher) {
  const { routes, cms, origins } = policy;
  const matcherOf = (patterns: Patterns) => compile(treeOf(patterns));
  const ofHost = (host: string | null) =>
    matcherOf(
      origins.flatMap(({ hosts, paths }, i) =>
        (host === null ? hosts.length === 0 : hosts.includes(host))
          ? paths.map((path): [string, number] => [path, i])
          : [],
      ),
    );
  const hosts = new Set(origins.flatMap((origin) => origin.hosts));
  return {
    route: matcherOf(Array.from(routes, ({ path }, i): [string, number] => [path, i])),
    cmsPath: matcherOf(cms.paths.map((path, i): [string, number] => [path, i])),
    twin: matcherOf(protectedPaths(policy).flatMap(([path, place]) => twinsOf(path, place))),
    anyHost: ofHost(null),
    byHost: Array.from(hosts, (host): [string, Matcher] => [host, ofHost(host)]),
  };
}

/** What might be taken for a protected path: itself (an even number, twice its place), and all below it (odd). */
function twinsOf(path: string, place: number): [string, number][] {
  const folded = foldPattern(path);
  const area = below(folded);
  const itself: [string, number] = [folded, 2 * place];
  return area === null ? [itself] : [itself, [area, 2 * place + 1]];
}

function treeOf(patterns: Patterns): RouterContext<number> {
  const tree = createTree<number>();
  for (const [pattern, place] of patterns) addRoute(tree, '', pattern, place);
  return tree;
}

/** Patterns that no look-alike may get around, each with the place of its route; those of the CMS come after all routes. */
function protectedPaths({ routes, cms }: Policy): Patterns {
  const isProtected = ({ kind }: Policy['fallback']) => kind === 'scoped' || kind === 'sensitive';
  const ofRoutes = Array.from(routes, (route, i) => [route, i] as const).filter(([route]) =>
    isProtected(route),
  );
  return [
    ...ofRoutes.map(([{ path }, i]) => [path, i] as const),
    ...cms.paths.map((path, i) => [path, routes.length + i] as const),
  ];
}

/**
 * A public route that the policy itself put below a protected one (`/api/profile/avatar/:id`) is meant:
 * `<its pattern> <place of the other>`.
 */
function meantPairs(policy: Policy): Set<string> {
  const pairs = new Set<string>();
  const areas = protectedPaths(policy).map(
    ([path, place]) => [`${path.replace(/\/?(\*\*[^/]*)?$/, '')}/**`, place] as const,
  );
  for (const { path, scope } of [...policy.routes, policy.fallback]) {
    if (scope !== null) continue;
    for (const [area, place] of areas) {
      if (areApart(path, area)) continue;
      if (['subset', 'equal'].includes(compareRoutes(path, area))) pairs.add(`${path} ${place}`);
    }
  }
  return pairs;
}

/** Their first segments are two different words: seen fast, of a thousand times a thousand patterns. */
function areApart(a: string, b: string): boolean {
  const [first, second] = [a, b].map((pattern) => /^\/([\w~-]+)(?:\/|$)/.exec(pattern)?.[1]);
  return first !== undefined && second !== undefined && first !== second;
}
