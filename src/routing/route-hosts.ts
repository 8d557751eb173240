import { compareRoutes } from 'rou3';
import { coversHost, hostsMeet } from '../http/host-pattern.ts';
import type { Route } from '../policy/routes/route.ts';
import { pairOf } from './pairs.ts';

/** For Node: what hosts change about patterns. At the edge there is the result alone. */

type Routes = readonly Pick<Route, 'path' | 'hosts' | 'scope'>[];

/** Hosts that routes name, each with the class under which the matcher knows their routes; null: none is named. */
export function hostClasses(routes: Routes): ReadonlyMap<string, string> | null {
  const named = [...new Set(routes.flatMap(({ hosts }) => hosts))];
  if (named.length === 0) return null;
  return new Map(named.map((host, i) => [host.replace(/^\*/, ''), String(i + 1)]));
}

/** In which classes a route is, besides that of all hosts: by the hosts of the classes that it means. */
export type ClassedPattern = readonly [hostClass: string, pattern: string, place: number];

/**
 * The patterns of routes under their classes. Of one pattern the first counts: in a class that is the route which names its host most
 * exactly. A route of all hosts is in the class '' alone, where the matcher looks last.
 */
export function classedPatterns(routes: Routes): readonly ClassedPattern[] {
  const classes = hostClasses(routes);
  const everywhere = [...routes.entries()]
    .filter(([, { hosts }]) => hosts.length === 0)
    .map(([place, { path }]): ClassedPattern => ['', path, place]);
  if (classes === null) return everywhere;
  const classed = [...classes].flatMap(([host, id]) => {
    const name = host.startsWith('.') ? `*${host}` : host;
    return [...routes.entries()]
      .map(([place, { path, hosts }]) => ({ place, path, exactness: exactnessOf(hosts, name) }))
      .filter(({ exactness }) => exactness > 0)
      .sort((a, b) => b.exactness - a.exactness)
      .map(({ place, path }): ClassedPattern => [id, path, place]);
  });
  return [...classed, ...everywhere];
}

/** How exactly hosts name one: its name before a pattern, a longer pattern before a shorter one; 0: not at all. */
function exactnessOf(hosts: readonly string[], name: string): number {
  return Math.max(
    0,
    ...hosts
      .filter((host) => coversHost(host, name))
      .map((host) => (host === name ? Number.MAX_SAFE_INTEGER : host.length)),
  );
}

/**
 * A path that is protected on one host is protected on all: a route without a scope takes it elsewhere only where the policy says so of that very path
 * or of those very hosts. So of what stands below a protected pattern these pairs are not meant where the path is that of the pattern itself: the route
 * holds on the protected one's hosts too, where that one comes before it.
 */
export function onlyBelow(routes: Routes, protectedRoutes: readonly number[]): Uint32Array {
  const pairs: number[] = [];
  for (const area of protectedRoutes) {
    const guarded = routes[area];
    if (guarded === undefined) continue;
    for (const [place, route] of routes.entries()) {
      if (place === area || route.scope !== null) continue;
      if (route.hosts.length === 0 && guarded.hosts.length === 0) continue;
      if (!isMeantInstead(route, guarded)) pairs.push(pairOf(place, area));
    }
  }
  return new Uint32Array(pairs.sort((a, b) => a - b));
}

function isMeantInstead(route: Routes[number], guarded: Routes[number]): boolean {
  if (!hostsMeet(route.hosts, guarded.hosts)) return true;
  // `/account/help/**` takes `/account/help` before `/account/:topic` does.
  const base = route.path.replace(/\/\*\*$/, '') || '/';
  if ([route.path, base].some((path) => compareRoutes(path, guarded.path) === 'subset')) return true;
  // The same path, on fewer hosts: what the policy says of those.
  return (
    compareRoutes(route.path, guarded.path) === 'equal' &&
    route.hosts.length > 0 &&
    route.hosts.every((host) => isNarrower(host, guarded.hosts))
  );
}

function isNarrower(host: string, others: readonly string[]): boolean {
  return others.length === 0 || others.some((other) => other !== host && coversHost(other, host));
}
