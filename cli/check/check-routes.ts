import type { Policy, PolicyInput } from '../../src/policy/policy.ts';
import type { Route } from '../../src/policy/routes/route.ts';
import type { Router } from '../../src/routing/router.ts';
import type { Report } from './finding.ts';
import { deepPathOf } from './path-examples.ts';
import { sampleHosts } from './sample-hosts.ts';
import { samplePaths } from './sample-paths.ts';

/** Where nothing else is known of an issuer's tokens. */
const TYPICAL_TOKEN_SECONDS = 3600;

/** Routes that never come into play, or do so for the wrong paths. */
export function checkRoutes({ routes }: Policy, router: Router, report: Report): void {
  for (const route of routes) {
    const deep = deepPathOf(route.path);
    if (deep !== null) {
      report(
        'warning',
        'PATTERN_TAKES_SLASHES',
        `routes.${route.name}.path`,
        `In ${route.path} the * takes any number of segments: ${deep} is matched too.`,
        'Write :name for one segment, :name(.*\\\\.png) for one that ends so, or ** where all that follows is meant.',
      );
    }
    const samples = samplePaths(route.path);
    if (samples.length === 0) continue;
    const onHosts = sampleHosts(route);
    const winners = onHosts.flatMap((host) => samples.map((path) => router.match(path, host)));
    if (!winners.includes(route)) {
      const names = [...new Set(winners.map(({ name }) => name))].join(', ');
      report(
        'warning',
        'ROUTE_SHADOWED',
        `routes.${route.name}`,
        `Every path that was tried goes to another route (${names}).`,
        'Remove the route, or narrow the other one.',
      );
    } else if (
      route.kind === 'public' &&
      onHosts.every((host) => samples.every((path) => router.resolve(path, host).isLookalike))
    ) {
      report(
        'warning',
        'ROUTE_LOOKALIKE',
        `routes.${route.name}`,
        'An origin may take its paths for those of a protected route: they are judged as that, and never cached.',
        'Choose a path that differs in more than case, dots or what follows.',
      );
    }
  }
}

/** Entries that outlive the tokens which fetched them. `tokenSeconds`: as given, else by the policy, else typical. */
export function checkTtl(
  input: PolicyInput,
  policy: Policy,
  tokenSeconds: number | undefined,
  report: Report,
): void {
  for (const route of policy.routes) {
    if (route.kind !== 'scoped' || route.freshness.capAtTokenExpiry) continue;
    const stated = statedTtl(input.routes[route.name]?.ttlSeconds);
    const life = tokenSeconds ?? lifeOf(route, policy);
    if (stated <= life) continue;
    report(
      'warning',
      'TTL_BEYOND_TOKEN',
      `routes.${route.name}.ttlSeconds`,
      `Stored for up to ${stated} s, where a token lives for some ${life} s: what a new token says beyond the scope does not show before.`,
      'Lower the ttl, set capAtTokenExpiry, or tell how long tokens live: --token-life SECONDS.',
    );
  }
}

function statedTtl(ttl: PolicyInput['routes'][string]['ttlSeconds']): number {
  if (typeof ttl === 'number') return ttl;
  return ttl?.max ?? Math.max(ttl?.default ?? 0, ttl?.min ?? 0);
}

function lifeOf({ scope }: Route, { revocation }: Policy): number {
  const limits = (scope?.providers ?? []).flatMap(({ maxTokenAgeSeconds }) => maxTokenAgeSeconds ?? []);
  if (limits.length > 0) return Math.min(...limits);
  return revocation?.maxTokenSeconds ?? TYPICAL_TOKEN_SECONDS;
}
