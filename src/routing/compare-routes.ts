import { addRoute, createRouter, findAllRoutes } from 'rou3';
import { coversHost } from '../http/host-pattern.ts';
import type { Route } from '../policy/routes/route.ts';

/** Why a route of the policy takes a path or does not. */
export interface RouteVerdict {
  readonly name: string;
  readonly path: string;
  readonly kind: Route['kind'];
  readonly verdict: 'taken' | 'less-specific' | 'no-match';
  readonly why: string;
}

/** Every route beside a path, in the policy's order. For people: a request asks the router for the one that takes it. */
export function compareRoutes(
  routes: readonly Route[],
  path: string,
  host: string,
  taken: Route,
): readonly RouteVerdict[] {
  const tree = createRouter<string>();
  for (const route of routes) addRoute(tree, '', route.path, route.name);
  const bare = host.replace(/:\d+$/, '');
  const matching = new Set(findAllRoutes(tree, '', path).map(({ data }) => data));
  return routes.map(({ name, path: pattern, kind, hosts }) => {
    if (name === taken.name) {
      return { name, path: pattern, kind, verdict: 'taken', why: 'the most specific pattern that matches' };
    }
    if (hosts.length > 0 && !hosts.some((one) => coversHost(one, bare))) {
      const why = `of other hosts: ${hosts.slice(0, 3).join(', ')}${hosts.length > 3 ? ', …' : ''}`;
      return { name, path: pattern, kind, verdict: 'no-match', why };
    }
    if (matching.has(name)) {
      const isSame = nameless(pattern) === nameless(taken.path);
      const why = isSame
        ? `matches too, but ${taken.name} names the host more exactly`
        : `matches too, but ${taken.path} is more specific`;
      return { name, path: pattern, kind, verdict: 'less-specific', why };
    }
    return { name, path: pattern, kind, verdict: 'no-match', why: difference(pattern, path) };
  });
}

/** What a segment is called makes no difference. */
function nameless(pattern: string): string {
  return pattern.replace(/:\w+/g, ':');
}

/** The first literal segment that is another, else the lengths. */
function difference(pattern: string, path: string): string {
  const [wanted, given] = [segmentsOf(pattern), segmentsOf(path)];
  for (const [i, segment] of wanted.entries()) {
    if (/[:*(){}\\]/.test(segment)) {
      // Behind a `**` segments have no fixed place.
      if (segment.includes('**')) break;
      continue;
    }
    const there = given[i];
    if (there === undefined) return `the path ends before "${segment}"`;
    if (there === segment) continue;
    const sameButCase = there.toLowerCase() === segment.toLowerCase() ? ' (upper and lower case differ)' : '';
    return `segment ${i + 1} is "${shortened(there)}", not "${segment}"${sameButCase}`;
  }
  if (!pattern.includes('*') && given.length > wanted.length) return 'the path goes on behind the pattern';
  return 'the pattern does not match';
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
