import { addRoute, compareRoutes, createRouter as createTree, findRoute } from 'rou3';
import type { Origin, Policy, Route } from '../types.ts';
import { foldPath, foldPattern } from './fold.ts';

export interface Router {
  /** The most specific route of the policy, or its fallback. */
  match(path: string): Route;
  /** A path of the CMS rule. */
  isCmsPath(path: string): boolean;
  /** The route's own origin, else the one whose paths match, else the first. */
  originOf(route: Route, path: string): Origin;
  /**
   * Whether an origin might take this path, which `match` gave to a public route, for a protected one:
   * `/api/profile/x.css`, `/API/profile`, `/api/profile.`, `/api/%70rofile` beside a scoped `/api/profile`.
   */
  isLookalike(path: string, route: Route): boolean;
}

/** Builds every matcher once, at initialisation; a look-up does not grow with the number of routes. */
export function createRouter(policy: Policy): Router {
  const routes = createTree<Route>();
  for (const route of policy.routes) addRoute(routes, '', route.path, route);

  const cms = createTree<true>();
  for (const path of policy.cms.paths) addRoute(cms, '', path, true);

  const origins = createTree<Origin>();
  for (const origin of policy.origins) for (const path of origin.paths) addRoute(origins, '', path, origin);
  const firstOrigin = policy.origins.find(({ paths }) => paths.length === 0) ?? policy.origins[0];
  if (firstOrigin === undefined) throw new Error('a compiled policy has an origin');

  const lookalikes = createTree<string>();
  const protectedPaths = [
    ...policy.routes.filter(({ kind }) => kind === 'scoped' || kind === 'sensitive').map(({ path }) => path),
    ...policy.cms.paths,
  ];
  for (const path of protectedPaths) {
    const folded = foldPattern(path);
    addRoute(lookalikes, '', folded, path);
    if (!/\*\*[^/]*$/.test(folded)) addRoute(lookalikes, '', `${folded.replace(/\/$/, '')}/**`, path);
  }
  const exempt = new Map<string, boolean>();

  return {
    match: (path) => findRoute(routes, '', path, { params: false })?.data ?? policy.fallback,
    isCmsPath: (path) => findRoute(cms, '', path, { params: false }) !== undefined,
    originOf: (route, path) =>
      route.origin ?? findRoute(origins, '', path, { params: false })?.data ?? firstOrigin,
    isLookalike: (path, route) => {
      const twin = findRoute(lookalikes, '', foldPath(path), { params: false })?.data;
      if (twin === undefined) return false;
      // A public route that the policy itself put below a protected one (`/api/profile/avatar/:id`) is meant.
      const pair = `${route.path} ${twin}`;
      const known = exempt.get(pair);
      if (known !== undefined) return !known;
      const isBelow = ['subset', 'equal'].includes(
        compareRoutes(route.path, `${twin.replace(/\/?(\*\*[^/]*)?$/, '')}/**`),
      );
      exempt.set(pair, isBelow);
      return !isBelow;
    },
  };
}
