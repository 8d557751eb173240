import { EdgeError } from '../errors.ts';
import type { Folding } from '../paths/fold-characters.ts';
import { foldPath, readingsOf } from '../paths/readings.ts';
import type { Origin } from '../policy/origins.ts';
import type { Policy } from '../policy/policy.ts';
import type { Route } from '../policy/routes/route.ts';
import { hostClassOf } from './host-class.ts';
import { hasPair, pairOf } from './pairs.ts';

/** Paths are in their normal form (`paths/normal-path.ts`). */
export interface Router {
  /** The most specific route of the policy on that host, or its fallback. Without a host: of those that name none. */
  match(path: string, host?: string): Route;
  /** A path of the CMS rule. */
  isCmsPath(path: string): boolean;
  /** The route's own origin, else one of that host (with or without port), else one of any host; by path, else the first. */
  originOf(route: Route, path: string, host: string): Origin;
  /**
   * By which rules a path is decided.
   *
   * @throws {EdgeError} ERR_REQUEST_MALFORMED: somebody would resolve it to another path, or it can be read in more ways than an
   * honest one.
   */
  resolve(path: string, host?: string): ResolvedPath;
  /** All that may be read in a path by an origin, of paths that it takes for each other at least one the same. */
  foldedPaths(path: string): readonly string[];
}

export interface ResolvedPath {
  /** What `match` gives. */
  readonly matched: Route;
  /** Whose rules hold: `matched` where that has a scope, else a scoped route that an origin might read in the path. */
  readonly route: Route;
  /** Other scoped routes that an origin might read in the path: a request has to satisfy them too. */
  readonly also: readonly Route[];
  /** An origin might read a path of the CMS rule in it. */
  readonly isCmsPath: boolean;
  /** An origin might take it for a path of other rules than those of `matched`: never cached. */
  readonly isLookalike: boolean;
  /** The most folded reading: what URLs that an origin could take for one have in common. */
  readonly folded: string;
}

/** As rou3's compiler writes it: the place of what the most specific pattern stands for. Its methods are classes of hosts. */
type Matcher = (hostClass: string, path: string) => { readonly data: number } | undefined;

/** The patterns of a policy, compiled. */
export interface Matchers {
  readonly route: Matcher;
  /** By host, and by `.example.com` for all below it, the class of its routes; null: no route names a host. */
  readonly hostClasses: ReadonlyMap<string, string> | null;
  readonly cmsPath: Matcher;
  /**
   * Of a reading: all patterns that match it, the most specific last, as four times the place of the route (of a CMS path: behind
   * all routes), and 0 for a protected pattern, 1 for what is below it, 2 for an open route that the policy has put below one, 3 for a
   * protected pattern that matches more when it is folded. null: nothing is protected.
   */
  readonly readings: ((method: string, path: string) => readonly { readonly data: number }[]) | null;
  readonly folding: Folding;
  /** Pairs of routes and protected patterns: the policy itself has put the first below the second. */
  readonly allowedOverlaps: Uint32Array;
  /** Of those pairs: not where the path is that of the protected pattern itself, which has the path on other hosts. */
  readonly onlyBelow: Uint32Array;
  /** Origins that name no host, and those of each host. */
  readonly anyHost: Matcher;
  readonly byHost: ReadonlyMap<string, Matcher>;
}

const NONE: readonly Route[] = [];
const EXACT = 0;
const BELOW = 1;
const OPEN = 2;

/** A look-up does not grow with the number of routes. */
export function createRouter(policy: Policy, matchers: Matchers): Router {
  const { routes, origins, fallback } = policy;
  const { readings, folding, allowedOverlaps, onlyBelow, hostClasses } = matchers;
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
    match: (path, host = '') => routeAt(placeOf(path, host)),
    resolve(path, host = '') {
      const place = placeOf(path, host);
      const matched = routeAt(place);
      const folded = foldPath(path, folding);
      const found = readings === null ? null : required(path, place, matched, readings);
      if (found === null || found.size === 0)
        return { matched, route: matched, also: NONE, isCmsPath: false, isLookalike: false, folded };
      return { ...resolved(matched, found), folded };
    },
    isCmsPath: (path) => matchers.cmsPath('', path) !== undefined,
    originOf(route, path, host) {
      if (route.origin !== null) return route.origin;
      const ofHost = byHost.size === 0 ? undefined : byHost.get(host.replace(/:\d+$/, ''));
      return (ofHost && originIn(ofHost, path)) ?? originIn(anyHost, path) ?? firstOrigin;
    },
    foldedPaths: (path) => [
      ...new Set([foldPath(path, folding), ...(readingsOf(path, folding)?.whole ?? [])]),
    ],
  };

  function originIn({ find, rest }: typeof anyHost, path: string): Origin | undefined {
    const found = find('', path);
    return (found && origins[found.data]) ?? rest;
  }

  /** -1: none. */
  function placeOf(path: string, host: string): number {
    const hostClass = hostClasses === null ? '' : hostClassOf(hostClasses, host);
    return matchers.route(hostClass, path)?.data ?? -1;
  }

  function routeAt(place: number): Route {
    const route = place < 0 ? fallback : routes.at(place);
    // The fallback is public: never for a path that has a route.
    if (route === undefined) throw new Error('the matchers are of another policy');
    return route;
  }

  /** Places of what is protected, beside the route that matched, and that an origin could read in the path; and whether by its very path. */
  function required(
    path: string,
    place: number,
    matched: Route,
    find: NonNullable<Matchers['readings']>,
  ): ReadonlyMap<number, boolean> | null {
    const read = readingsOf(path, folding);
    if (read === null) throw new EdgeError('ERR_REQUEST_MALFORMED');
    const { whole, stems } = read;
    let found: Map<number, boolean> | null = null;
    // A literal path of the policy has no format of its own.
    const all = stems.length === 0 || matched.path === path ? whole : whole.concat(stems);
    for (let i = 0; i < all.length; i++) {
      const reading = all[i] as string;
      const matching = find('', reading);
      // Where the path is plainly that of its route, or reads like one, what the policy has put it below says nothing of it.
      const isPlain = reading === path || (i >= whole.length && whole[0] === path);
      const own = matching.findIndex(({ data }) => data === 4 * place + EXACT || data === 4 * place + OPEN);
      for (let rank = 0; rank < matching.length; rank++) {
        const { data } = matching[rank] as { readonly data: number };
        const other = data >> 2;
        const kind = data & 3;
        if (kind === OPEN || other === place) continue;
        const isBehind = isPlain || rank < own || (own >= 0 && kind === BELOW);
        // The paths of the CMS come before open routes, however those are put.
        const isFirst = other >= routes.length && matched.scope === null && kind !== BELOW;
        const pair = pairOf(place, other);
        const isMeant = isBehind && !isFirst && hasPair(allowedOverlaps, pair);
        if (isMeant && (kind === BELOW || !hasPair(onlyBelow, pair))) continue;
        found ??= new Map();
        found.set(other, found.get(other) === true || kind !== BELOW);
      }
    }
    return found;
  }

  function resolved(matched: Route, found: ReadonlyMap<number, boolean>): Omit<ResolvedPath, 'folded'> {
    const isCmsPath = [...found.keys()].some((place) => place >= routes.length);
    // What was read exactly is the nearest, and of several the most specific one, which was found last.
    const places = [...found].reverse().sort(([, a], [, b]) => Number(b) - Number(a));
    const others = places.filter(([place]) => place < routes.length).map(([place]) => routeAt(place));
    const [first = matched, ...rest] = matched.scope === null ? others : [matched, ...others];
    const isHidden = rest.some(({ hideCredential }) => hideCredential) && !first.hideCredential;
    return {
      matched,
      route: isHidden ? { ...first, hideCredential: true, forwardCredential: false } : first,
      also: rest.filter((route) => !isImplied(route, first)),
      isCmsPath,
      isLookalike: isCmsPath || !others.every((route) => isKeptLike(route, matched)),
    };
  }
}

/** Whoever satisfies the one has satisfied the other. */
function isImplied(route: Route, by: Route): boolean {
  return (
    route.scope === by.scope &&
    route.kind === by.kind &&
    (route.revocation === null || by.revocation !== null) &&
    route.onMissing === by.onMissing &&
    route.onInvalid === by.onInvalid &&
    (!route.purgeOnWrite || by.purgeOnWrite)
  );
}

/** What is kept for the one may be kept of the other: for the same people, under the same purges. */
function isKeptLike(route: Route, matched: Route): boolean {
  return (
    route.scope === matched.scope &&
    route.kind === 'scoped' &&
    matched.kind === 'scoped' &&
    route.forwardCredential === matched.forwardCredential &&
    route.hideCredential === matched.hideCredential &&
    route.onMissing === matched.onMissing &&
    route.onInvalid === matched.onInvalid &&
    // What only asks of the one may write to the other.
    String(route.body?.methods) === String(matched.body?.methods)
  );
}

/** What takes the paths that none of those hosts' patterns take. */
function restOf(origins: readonly Origin[], isOf: (hosts: readonly string[]) => boolean): Origin | undefined {
  return origins.find(({ hosts, paths }) => isOf(hosts) && paths.length === 0);
}
