import { compareRoutes } from 'rou3';
import type { Origin, Policy, Route } from '../types.ts';
import { foldPath, foldPattern } from './fold.ts';
import { createPathTree } from './path-tree.ts';

export interface Router {
  /** The most specific route of the policy, or its fallback. */
  match(path: string): Route;
  /** A path of the CMS rule. */
  isCmsPath(path: string): boolean;
  /** The route's own origin, else one of that host (with or without port), else one of any host; by path, else the first. */
  originOf(route: Route, path: string, host: string): Origin;
  /**
   * Whether an origin might take this path, which `match` gave to a public route, for a protected one:
   * `/api/profile/x.css`, `/API/profile`, `/api/profile.`, `/api/%70rofile` beside a scoped `/api/profile`.
   */
  isLookalike(path: string, route: Route): boolean;
}

/** A look-up does not grow with the number of routes. */
export function createRouter(policy: Policy): Router {
  const findRoute = createPathTree(policy.routes.map((route) => [route.path, route]));
  const findCmsPath = createPathTree(policy.cms.paths.map((path) => [path, true]));
  const findOrigin = originFinder(policy);

  const protectedPaths = [
    ...policy.routes.filter(({ kind }) => kind === 'scoped' || kind === 'sensitive').map(({ path }) => path),
    ...policy.cms.paths,
  ];
  const findTwin = createPathTree(
    protectedPaths.flatMap((path): [string, string][] => {
      const folded = foldPattern(path);
      if (/\*\*[^/]*$/.test(folded)) return [[folded, path]];
      return [
        [folded, path],
        [`${folded.replace(/\/$/, '')}/**`, path],
      ];
    }),
  );
  const exempt = new Map<string, boolean>();

  return {
    match: (path) => findRoute(path) ?? policy.fallback,
    isCmsPath: (path) => findCmsPath(path) !== undefined,
    originOf: (route, path, host) => route.origin ?? findOrigin(path, host.replace(/:\d+$/, '')),
    isLookalike: (path, route) => {
      const twin = findTwin(foldPath(path));
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

/** One tree of paths for each host that origins name, and one for any host. */
function originFinder({ origins }: Policy): (path: string, host: string) => Origin {
  const [first] = origins;
  if (first === undefined) throw new Error('a compiled policy has an origin');
  const placesOf = (host: string | null) => {
    const here = origins.filter(({ hosts }) => (host === null ? hosts.length === 0 : hosts.includes(host)));
    const find = createPathTree(
      here.flatMap((origin) => origin.paths.map((path): [string, Origin] => [path, origin])),
    );
    return { find, rest: here.find(({ paths }) => paths.length === 0) };
  };
  const anyHost = placesOf(null);
  const byHost = new Map(origins.flatMap(({ hosts }) => hosts).map((host) => [host, placesOf(host)]));
  return (path, host) => {
    for (const places of [byHost.get(host), anyHost]) {
      const found = places && (places.find(path) ?? places.rest);
      if (found !== undefined) return found;
    }
    return first;
  };
}
