import type { Origin, Policy, Route } from '../types/policy.ts';
import { foldPath } from './fold.ts';

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
  /** By which rules a path is judged. */
  judgedAs(path: string): JudgedPath;
}

export interface JudgedPath {
  /** What `match` gives. */
  readonly matched: Route;
  /**
   * Whose rules hold: the scoped route whose very path an origin might read in this one (`/API/profile` beside `/api/profile`,
   * but not `/api/profile/x.css`), else the one that matched.
   */
  readonly route: Route;
  /** An origin might take it for a protected path, and it is not that. */
  readonly isLookalike: boolean;
}

/** As rou3's compiler writes it: the place of what the most specific pattern stands for. */
type Matcher = (method: string, path: string) => { readonly data: number } | undefined;

/** The patterns of a policy, compiled. */
export interface Matchers {
  readonly route: Matcher;
  readonly cmsPath: Matcher;
  /** Of a folded path: twice the place of the protected pattern that it might be taken for; one more where it is below that. */
  readonly twin: Matcher;
  /** Origins that name no host, and those of each host. */
  readonly anyHost: Matcher;
  readonly byHost: ReadonlyMap<string, Matcher>;
  /** `<a public pattern> <the place of a twin>`: they are near each other because the policy says so. */
  readonly meant: ReadonlySet<string>;
}

/** A look-up does not grow with the number of routes. */
export function createRouter(policy: Policy, matchers: Matchers): Router {
  const { routes, origins, fallback } = policy;
  const [firstOrigin] = origins;
  if (firstOrigin === undefined) throw new Error('a compiled policy has an origin');
  const anyHost = { find: matchers.anyHost, rest: restOf(origins, (hosts) => hosts.length === 0) };
  const byHost = new Map(
    [...matchers.byHost].map(([host, find]) => [
      host,
      { find, rest: restOf(origins, (hosts) => hosts.includes(host)) },
    ]),
  );

  return {
    match,
    judgedAs(path) {
      const matched = match(path);
      const found = twin(path, matched);
      const exact = found === undefined || found % 2 === 1 ? undefined : routes.at(found / 2);
      if (exact !== undefined && exact.name !== matched.name)
        return { matched, route: exact, isLookalike: true };
      return { matched, route: matched, isLookalike: matched.scope === null && found !== undefined };
    },
    isCmsPath: (path) => matchers.cmsPath('', path) !== undefined,
    originOf(route, path, host) {
      if (route.origin !== null) return route.origin;
      for (const places of [byHost.get(host.replace(/:\d+$/, '')), anyHost]) {
        if (places === undefined) continue;
        const found = places.find('', path);
        const origin = (found && origins[found.data]) ?? places.rest;
        if (origin !== undefined) return origin;
      }
      return firstOrigin;
    },
    isLookalike: (path, route) => twin(path, route) !== undefined,
  };

  function match(path: string): Route {
    const found = matchers.route('', path);
    if (found === undefined) return fallback;
    const route = routes.at(found.data);
    // The fallback is public: never for a path that has a route.
    if (route === undefined) throw new Error('the matchers are of another policy');
    return route;
  }

  function twin(path: string, route: Route): number | undefined {
    const folded = foldPath(path);
    const found = matchers.twin('', folded);
    return found === undefined || isMeant(path, folded, route, found.data >> 1) ? undefined : found.data;
  }

  /** A public route that the policy has put below that one: as long as the path stays in it when it is folded. */
  function isMeant(path: string, folded: string, route: Route, place: number): boolean {
    if (!matchers.meant.has(`${route.path} ${place}`)) return false;
    if (folded === path.toLowerCase()) return true;
    return match(folded).name === route.name;
  }
}

/** What takes the paths that none of those hosts' patterns take. */
function restOf(origins: readonly Origin[], isOf: (hosts: readonly string[]) => boolean): Origin | undefined {
  return origins.find(({ hosts, paths }) => isOf(hosts) && paths.length === 0);
}
