import { webOriginProblems } from '../cors-rule.ts';
import type { OriginsInput } from '../origins.ts';
import type { Report } from '../policy-error.ts';
import type { ProvidersInput } from '../providers/provider.ts';
import type { ScopesInput } from '../scopes/scope.ts';
import type { RouteInput } from './route.ts';

interface Sections {
  readonly origins: OriginsInput;
  readonly providers?: ProvidersInput;
  readonly scopes?: ScopesInput;
}

/** The request of a socket goes to its origin as it came: nothing can be added to it, and nothing taken away. */
export function websocketProblems(policy: Sections, at: string, route: RouteInput, report: Report): void {
  const { websocket } = route;
  if (websocket === undefined || websocket === false) return;
  if (websocket !== true) webOriginProblems(`${at}.websocket.origins`, websocket.origins, report);
  if (route.scope === undefined && route.lane !== 'pass') {
    const fix = "Sockets are for routes that pass, or that have a scope: write lane: 'pass', or a scope.";
    report('POLICY_CONFLICT', `${at}.websocket`, websocket, fix);
  }
  checkOrigin(policy, at, route, report);
  checkCredential(policy, at, route, report);
}

function checkOrigin({ origins }: Sections, at: string, route: RouteInput, report: Report): void {
  const served = Object.entries(origins).filter(
    ([name]) => route.origin === undefined || name === route.origin,
  );
  for (const [name, { lock, hostHeader, shield }] of served) {
    const which =
      route.origin === undefined
        ? `Name the origin of the sockets in ${at}.origin, one without it`
        : 'Name an origin without it';
    const refuse = (setting: string, why: string) =>
      report(
        'POLICY_UNSAFE',
        `${at}.websocket`,
        true,
        `The origin ${name} has ${setting}, and ${why} ${which}.`,
      );
    if (lock !== undefined)
      refuse(
        'a lock',
        'its secret does not reach it with a socket. Let the application verify the token of a socket itself.',
      );
    if (hostHeader !== undefined)
      refuse(
        'hostHeader',
        'a socket brings the Host of the visitor. Write override_host for the backend instead.',
      );
    if (shield !== undefined) refuse('a shield', 'a socket goes past it.');
  }
}

function checkCredential(
  { providers = {}, scopes = {} }: Sections,
  at: string,
  route: RouteInput,
  report: Report,
): void {
  const refuse = (setting: keyof RouteInput, fix: string) =>
    report('POLICY_UNSAFE', `${at}.${setting}`, route[setting], fix);
  for (const setting of ['onMissing', 'onInvalid'] as const) {
    if (route[setting] === undefined || route[setting] === 'reject') continue;
    refuse(
      setting,
      'A socket is opened by whoever is verified, and by nobody else: remove it, or give sockets a route of their own.',
    );
  }
  if (route.forwardClaims !== undefined)
    refuse(
      'forwardClaims',
      'No field can be added to the request of a socket: give sockets a route of their own.',
    );
  if (route.forwardCredential === false)
    refuse(
      'forwardCredential',
      'The request of a socket reaches its origin with its credential: give sockets a route of their own.',
    );
  const scope = route.scope === undefined ? undefined : scopes[route.scope];
  if (scope === undefined) return;
  const named = scope.providers ?? Object.keys(providers);
  for (const name of named) {
    const { credentials = [] } = (providers[name] ?? {}) as { readonly credentials?: readonly object[] };
    if (!credentials.some((place) => 'query' in place)) continue;
    const fix = `The provider ${name} takes tokens in the query, and a socket would bring them to the log of its origin: name providers with a cookie or a header, in a scope of its own.`;
    refuse('websocket', fix);
  }
}
