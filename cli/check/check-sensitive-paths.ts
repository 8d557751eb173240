import type { Policy } from '../../src/policy/policy.ts';
import type { Router } from '../../src/routing/router.ts';
import type { Report } from './finding.ts';
import { sampleHosts } from './sample-hosts.ts';

/** Paths that usually are somebody's. */
const SENSITIVE_PATHS = [
  '/account',
  '/admin',
  '/api/account',
  '/api/cart',
  '/api/me',
  '/api/orders',
  '/api/profile',
  '/api/user',
  '/api/users/me',
  '/basket',
  '/billing',
  '/cart',
  '/checkout',
  '/dashboard',
  '/graphql',
  '/inbox',
  '/invoices',
  '/login',
  '/logout',
  '/me',
  '/messages',
  '/my-account',
  '/orders',
  '/payment',
  '/profile',
  '/settings',
  '/users/me',
  '/wallet',
  '/wp-admin',
];

/** Paths that usually are somebody's, and are everybody's here. One finding for those that no route names, and one for those of public routes. */
export function checkSensitivePaths(
  { fallback, fallbackRule, routes }: Pick<Policy, 'fallback' | 'fallbackRule' | 'routes'>,
  router: Router,
  report: Report,
): void {
  const openOn = (host: string, paths: readonly string[]) =>
    paths.flatMap((path) => {
      const { route, isCmsPath, isLookalike } = router.resolve(path, host);
      return route.kind === 'public' && !isCmsPath && !isLookalike ? [{ path: `${host}${path}`, route }] : [];
    });
  const everywhere = openOn('', SENSITIVE_PATHS);
  const hosts = new Set(Array.from(routes, sampleHosts).flat());
  hosts.delete('');
  // Of a host only what is not open everywhere.
  const left = SENSITIVE_PATHS.filter((path) => everywhere.every((one) => one.path !== path));
  const open = [...everywhere, ...Array.from(hosts, (host) => openOn(host, left)).flat()];
  const ofRoutes = open.filter(({ route }) => route !== fallback);
  if (ofRoutes.length > 0)
    report(
      'warning',
      'PATH_WITHOUT_RULE',
      ofRoutes.map(({ path }) => path).join(' '),
      `A public route takes these (${[...new Set(ofRoutes.map(({ route }) => route.name))].join(', ')}): without cookies, cached for everybody.`,
      "Those that are somebody's need a scope, or lane: 'pass'.",
    );
  // Written otherwise, a request that says who asks is never served from the public cache there.
  const unnamed = fallbackRule === null ? open.filter(({ route }) => route === fallback) : [];
  if (unnamed.length > 0)
    report(
      'warning',
      'PATH_WITHOUT_RULE',
      unnamed.map(({ path }) => path).join(' '),
      "No route names these, and fallback is 'public': without cookies, cached for everybody.",
      "Those that your site has need a scope, or lane: 'pass'; or write fallback: 'auto', which passes who brings a cookie or a token. If your own listener asks `match` first, they never come here: write fallback: 'pass'.",
    );
}
