import { addRoute, createRouter as createTree, type RouterContext } from 'rou3';
import { compileRouter, compileRouterToString } from 'rou3/compiler';
import { below } from '../paths/below.ts';
import type { CharacterTable, Folding } from '../paths/fold-characters.ts';
import { foldPattern, textsOf } from '../paths/fold-pattern.ts';
import { foldingOf } from '../paths/folding-table.ts';
import type { Policy } from '../policy/policy.ts';
import { findAllowedOverlaps, type Patterns } from './allowed-overlaps.ts';
import { classedPatterns, hostClasses, onlyBelow } from './route-hosts.ts';
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
  const { byHost, ...matchers } = eachCompiled(
    policy,
    (tree) => compileRouter(tree),
    (tree) => compileRouter(tree, { matchAll: true }),
  );
  const { folding, allowedOverlaps, onlyBelow } = guardOf(policy);
  const classes = hostClasses(policy.routes);
  return { ...matchers, byHost: new Map(byHost), folding, allowedOverlaps, onlyBelow, hostClasses: classes };
}

/**
 * The module that stands in the place of `compiled-matchers.ts` in the service: neither the patterns nor what reads them is in
 * memory there.
 */
export function matchersSource(policy: Policy): string {
  const { byHost, ...matchers } = eachCompiled(
    policy,
    (tree) => compileRouterToString(tree),
    (tree) => compileRouterToString(tree, { matchAll: true }),
  );
  const { folding, allowedOverlaps, onlyBelow } = guardOf(policy);
  const classes = hostClasses(policy.routes);
  const hosts = byHost.map(([host, matcher]) => `[${JSON.stringify(host)},${matcher}]`);
  return `export default {
  ${Object.entries(matchers)
    .map(([name, matcher]) => `${name}: ${matcher},`)
    .join('\n  ')}
  byHost: new Map([${hosts.join(',')}]),
  hostClasses: ${classes === null ? 'null' : `new Map(${JSON.stringify([...classes])})`},
  folding: {
    plain: ${tableSource(folding.plain)},
    special: ${tableSource(folding.special)},
    marks: ${JSON.stringify(folding.marks)},
  },
  allowedOverlaps: new Uint32Array([${allowedOverlaps.join(',')}]),
  onlyBelow: new Uint32Array([${onlyBelow.join(',')}]),
};
`;
}

function tableSource({ runs, text }: CharacterTable): string {
  return `{ runs: new Uint32Array([${runs.join(',')}]), text: ${JSON.stringify(text)} }`;
}

function eachCompiled<One, All>(
  policy: Policy,
  compile: (tree: RouterContext<number>) => One,
  compileAll: (tree: RouterContext<number>) => All,
) {
  const { cms, origins } = policy;
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
  const { folded } = guardOf(policy);
  return {
    route: compile(classedTree(policy)),
    cmsPath: matcherOf(cms.paths.map((path, i): [string, number] => [path, i])),
    readings: folded.length === 0 ? null : compileAll(treeOf(folded)),
    anyHost: ofHost(null),
    byHost: Array.from(hosts, (host): [string, One] => [host, ofHost(host)]),
  };
}

function treeOf(patterns: Patterns): RouterContext<number> {
  const tree = createTree<number>();
  for (const [pattern, place] of patterns) addRoute(tree, '', pattern, place);
  return tree;
}

function classedTree({ routes }: Policy): RouterContext<number> {
  const tree = createTree<number>();
  for (const [hostClass, pattern, place] of classedPatterns(routes))
    addRoute(tree, hostClass, pattern, place);
  return tree;
}

/** What the readings of paths are compared with. */
interface Guard {
  /** Folded patterns with four times their place, and what is found by them: see {@link Matchers.readings}. */
  readonly folded: Patterns;
  readonly folding: Folding;
  readonly allowedOverlaps: Uint32Array;
  readonly onlyBelow: Uint32Array;
}

const guards = new WeakMap<Policy, Guard>();

function guardOf(policy: Policy): Guard {
  const guard = guards.get(policy) ?? makeGuard(policy);
  guards.set(policy, guard);
  return guard;
}

function makeGuard(policy: Policy): Guard {
  const protectedPaths = protectedPatterns(policy);
  const all = routePatterns(policy);
  const allowedOverlaps = findAllowedOverlaps(all, protectedPaths);
  const guarded = new Set(protectedPaths.map(([, place]) => place));
  const below = new Set(Array.from(allowedOverlaps, (pair) => Math.floor(pair / 65_536)));
  const open = all.filter(([, place]) => below.has(place) && !guarded.has(place));
  const folding = foldingOf([...protectedPaths, ...open].flatMap(([path]) => textsOf(path)));
  return {
    folding,
    allowedOverlaps,
    onlyBelow: onlyBelow(
      policy.routes,
      [...guarded].filter((place) => place < policy.routes.length),
    ),
    folded: [
      ...protectedPaths.flatMap(([path, place]) => foldedOf(path, place, folding)),
      ...open.flatMap(([path, place]) => {
        const folded = foldPattern(path, folding);
        return folded?.isExact ? [[folded.pattern, 4 * place + 2] as const] : [];
      }),
    ],
  };
}

/** A protected path itself, all that is below it, and both as they are spelt in another encoding. */
function foldedOf(path: string, place: number, folding: Folding): Patterns {
  const folded = foldPattern(path, folding);
  if (folded === null) throw new Error(`a protected pattern that cannot be folded: ${path}`);
  return [folded.pattern, folded.unreadable].flatMap((pattern) => {
    if (pattern === null) return [];
    const area = below(pattern);
    const itself: [string, number] = [pattern, 4 * place + (folded.isExact ? 0 : 3)];
    return area === null ? [itself] : [itself, [area, 4 * place + 1]];
  });
}

function routePatterns({ routes }: Policy): Patterns {
  return Array.from(routes, ({ path }, i) => [path, i] as const);
}

/** Patterns that no other spelling may get around, each with the place of its route; those of the CMS come after all routes. */
function protectedPatterns({ routes, cms }: Policy): Patterns {
  const ofRoutes = Array.from(routes, ({ path, scope }, i) => ({ path, scope, i }));
  return [
    ...ofRoutes.filter(({ scope }) => scope !== null).map(({ path, i }) => [path, i] as const),
    ...cms.paths.map((path, i) => [path, routes.length + i] as const),
  ];
}
