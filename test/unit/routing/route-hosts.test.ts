import fc from 'fast-check';
import { addRoute, compareRoutes as compareTrees, createRouter as createTree, findRoute } from 'rou3';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import type { Route } from '../../../src/policy/routes/route.ts';
import { compareRoutes } from '../../../src/routing/compare-routes.ts';
import { matchersSource, routerOf } from '../../../src/routing/matchers.ts';
import { createRouter, type Matchers } from '../../../src/routing/router.ts';

const PROVIDERS = {
  app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } },
} as const;
const SCOPES = { user: { claims: 'sub' }, other: { claims: 'oid' } };

interface Listed {
  readonly path: string;
  readonly hosts: readonly string[];
  readonly scope?: 'user' | 'other' | undefined;
}

function policyOf(listed: readonly Listed[]): Policy {
  const routes = listed.map(({ path, hosts, scope }, i) => [
    `r${i}`,
    { path, ...(hosts.length > 0 && { hosts }), ...(scope && { scope }) },
  ]);
  return compilePolicy({
    origins: { app: { backend: 'origin' } },
    providers: PROVIDERS,
    scopes: SCOPES,
    routes: Object.fromEntries(routes),
  });
}

async function built(policy: Policy): Promise<Matchers> {
  const source = matchersSource(policy);
  return (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)).default;
}

const HOSTS = ['a.test', 'b.test', 'x.a.test', 'y.x.a.test', 'aa.test', 'test', ''];
const hostPatterns = fc.uniqueArray(
  fc.constantFrom('a.test', 'b.test', 'x.a.test', '*.a.test', '*.x.a.test', '*.test'),
  { maxLength: 2 },
);
const paths = ['/', '/p', '/p/q', '/p/q/r', '/p/7', '/q', '/P/q', '/p;x', '/p//q', '/p/q.css', '/zz'];
const listed = fc.uniqueArray(
  fc.record({
    path: fc.constantFrom('/p', '/p/**', '/p/:id', '/p/q', '/p/q/**', '/**', '/q'),
    hosts: hostPatterns,
    scope: fc.constantFrom(undefined, undefined, 'user' as const, 'other' as const),
  }),
  { maxLength: 8, selector: ({ path }) => path + Math.random() },
);
/** Without what the policy refuses: two routes of one path of which none is more exact. */
const policies = listed.map((routes) =>
  routes.filter(
    ({ path, hosts }, i) =>
      !routes
        .slice(0, i)
        .some(
          (other) =>
            other.path === path &&
            (hosts.length === 0 || other.hosts.length === 0
              ? hosts.length === other.hosts.length
              : other.hosts.some((host) => hosts.includes(host))),
        ),
  ),
);

function meansHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*.')
    ? host !== '' && `.${host}`.endsWith(pattern.slice(1)) && host !== pattern.slice(2)
    : pattern === host;
}
/** How exactly a route names a host; null: it is of others. */
function rankOf({ hosts }: Pick<Route, 'hosts'>, host: string): number | null {
  if (hosts.length === 0) return 0;
  const ranks = hosts.filter((one) => meansHost(one, host)).map((one) => (one === host ? 1000 : one.length));
  return ranks.length === 0 ? null : Math.max(...ranks);
}

describe('routes by host', () => {
  it('are those of all hosts and of this one: the most specific path wins, then the most exact host', async () => {
    await fc.assert(
      fc.asyncProperty(policies, async (routes) => {
        const policy = policyOf(routes);
        const routers = [routerOf(policy), createRouter(policy, await built(policy))];
        for (const host of HOSTS) {
          const here = [...policy.routes]
            .flatMap((route) => {
              const rank = rankOf(route, host);
              return rank === null ? [] : [{ route, rank }];
            })
            .sort((a, b) => b.rank - a.rank);
          const tree = createTree<Route>();
          const known = new Set<string>();
          for (const { route } of here) {
            if (!known.has(route.path)) addRoute(tree, '', route.path, route);
            known.add(route.path);
          }
          for (const path of paths) {
            const wanted = (findRoute(tree, '', path, { params: false })?.data ?? policy.fallback).name;
            for (const router of routers) {
              for (const asked of host === '' ? [host] : [host, `${host}:8080`])
                expect([asked, path, router.match(path, asked).name]).toEqual([asked, path, wanted]);
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('a path with a scope anywhere is public nowhere, unless a route says so of less, or of those hosts', async () => {
    await fc.assert(
      fc.property(policies, (routes) => {
        const policy = policyOf(routes);
        const router = routerOf(policy);
        const guarded = [...policy.routes].filter(({ scope }) => scope !== null);
        for (const host of HOSTS) {
          for (const path of paths) {
            const { matched, route, isLookalike } = router.resolve(path, host);
            // Whoever is verified by the rules of that path, or is not kept.
            if (matched.scope !== null || (route.scope !== null && isLookalike)) continue;
            for (const area of guarded) {
              const tree = createTree<true>();
              addRoute(tree, '', area.path, true);
              if (findRoute(tree, '', path) === undefined) continue;
              expect(matched, `${host}${path} has no route, and ${area.path} is scoped`).not.toBe(
                policy.fallback,
              );
              const base = matched.path.replace(/\/\*\*$/, '') || '/';
              const isBelow = [matched.path, base].some((one) => compareTrees(one, area.path) === 'subset');
              const isOfThese =
                matched.hosts.length > 0 &&
                (area.hosts.length === 0 ||
                  !area.hosts.some((one) => (rankOf(matched, one.replace('*', 'w')) ?? -1) >= 0) ||
                  matched.path === area.path);
              expect(
                isBelow || isOfThese,
                `${host}${path}: ${matched.path} [${matched.hosts}] beside ${area.path} [${area.hosts}]`,
              ).toBe(true);
            }
          }
        }
      }),
      { numRuns: 250 },
    );
  });

  it('a rule of all hosts does not open elsewhere what one host protects', () => {
    const router = routerOf(
      policyOf([
        { path: '/account', hosts: ['a.test'], scope: 'user' },
        { path: '/account/**', hosts: [] },
        { path: '/same', hosts: ['a.test'], scope: 'user' },
        { path: '/same', hosts: ['*.test'] },
        { path: '/topic/:id', hosts: ['a.test'], scope: 'user' },
        { path: '/topic/help/**', hosts: [] },
        { path: '/narrow', hosts: ['*.test'], scope: 'user' },
        { path: '/narrow', hosts: ['a.test'] },
      ]),
    );
    const of = (path: string, host: string) => {
      const { route, isLookalike } = router.resolve(path, host);
      return [route.name, isLookalike];
    };
    expect(of('/account', 'a.test')).toEqual(['r0', false]);
    expect(of('/account', 'b.test')).toEqual(['r0', true]);
    expect(of('/account/x', 'b.test')).toEqual(['r1', false]);
    expect(of('/same', 'b.test')).toEqual(['r2', true]);
    for (const host of ['a.test', 'b.test']) expect(of('/topic/help', host), host).toEqual(['r5', false]);
    expect(of('/topic/other', 'b.test')).toEqual(['r4', true]);
    expect(of('/narrow', 'a.test')).toEqual(['r7', false]);
    expect(of('/narrow', 'b.test')).toEqual(['r6', false]);
    expect(of('/narrow', 'elsewhere')).toEqual(['r6', true]);
  });

  it('are compared for people with the reason', () => {
    const policy = policyOf([
      { path: '/p', hosts: ['a.test'] },
      { path: '/p', hosts: [] },
      { path: '/p', hosts: ['b.test', 'x.a.test', '*.b.test', '*.a.test'] },
    ]);
    const taken = routerOf(policy).match('/p', 'a.test:80');
    expect(compareRoutes(policy.routes, '/p', 'a.test:80', taken)).toMatchObject([
      { verdict: 'taken' },
      { verdict: 'less-specific', why: 'matches too, but r0 names the host more exactly' },
      { verdict: 'no-match', why: 'of other hosts: b.test, x.a.test, *.b.test, …' },
    ]);
  });
});
