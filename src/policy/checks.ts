import { RESERVED_SCOPES } from '../keys/surrogate-key.ts';
import { cmsCookieName } from './cms.ts';
import { graphqlProblems } from './graphql-checks.ts';
import { hostProblems } from './hosts.ts';
import { patternsOverlap } from './name-patterns.ts';
import { originProblems } from './origin-checks.ts';
import { patternProblems } from './path-patterns.ts';
import { type PolicyProblem, type Report, shown } from './policy-error.ts';
import { keyProblems } from './providers/key-checks.ts';
import type { ProviderInput } from './providers/provider.ts';
import { requestFieldProblems } from './request-field-checks.ts';
import { cgiName } from './request-fields/cgi-name.ts';
import { isAddressHeader } from './request-fields/client-address-names.ts';
import type { CorsInput, PolicyInput, RouteInput } from './routes/route.ts';
import { stripProblems } from './routes/strip-cookies.ts';
import { takerOfHeader } from './scopes/header-taker.ts';
import {
  ADDRESS_IS_NO_PART,
  identityProblems,
  routeIdentityProblems,
  scopeProblems,
} from './scopes/scope-checks.ts';

const NAME = /^[a-z][a-z0-9_-]{0,31}$/;

/** Headers that can never select a variant: credentials, framing, and what the edge itself answers. */
const NEVER_IN_VARY = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'range',
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'accept-encoding',
]);

/** States that have the right shape and must still not be deployed. */
export function unsafeStates(policy: PolicyInput): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const report: Report = (code, path, value, mend) => {
    problems.push({ code, path, value: shown(value), mend });
  };
  checkNames(policy, report);
  for (const [name, provider] of Object.entries(policy.providers ?? {})) {
    keyProblems(`providers.${name}`, provider, report);
    checkCmsOverlap(policy, name, provider, report);
  }
  for (const [name, scope] of Object.entries(policy.scopes ?? {})) scopeProblems(policy, name, scope, report);
  identityProblems(policy, report);
  for (const [name, route] of Object.entries(policy.routes)) checkRoute(policy, name, route, report);
  patternProblems(policy, report);
  originProblems(policy, report);
  hostProblems(policy, report);
  requestFieldProblems(policy, report);
  if (policy.cors !== undefined) checkCors(policy.cors, report);
  return problems;
}

function checkCors({ origins, credentials, headers, exposeHeaders }: CorsInput, report: Report): void {
  for (const [setting, named] of Object.entries({ headers, exposeHeaders })) {
    if (!credentials || !named?.includes('*')) continue;
    const mend = 'With credentials a browser takes * for the name of a field: name each field.';
    report('POLICY_CONFLICT', `cors.${setting}`, '*', mend);
  }
  if (origins === '*') {
    if (!credentials) return;
    const mend = 'Every site could read what its visitors may: name the origins.';
    report('POLICY_UNSAFE', 'cors.credentials', true, mend);
    return;
  }
  for (const [i, origin] of origins.entries()) {
    if (!/^https?:\/\/\*\.(?!localhost\b)[^.]+$/i.test(origin)) continue;
    const mend = 'Anybody can have a name under a top-level domain: name your own, https://*.example.com.';
    report('POLICY_UNSAFE', `cors.origins.${i}`, origin, mend);
  }
}

function checkNames(policy: PolicyInput, report: Report): void {
  for (const section of ['origins', 'providers', 'scopes', 'routes'] as const) {
    for (const name of Object.keys(policy[section] ?? {})) {
      if (NAME.test(name)) continue;
      report(
        'POLICY_NAME',
        `${section}.${name}`,
        name,
        'A name is a lower case letter, then letters, digits, _ or -; 32 at most.',
      );
    }
  }
  for (const name of Object.keys(policy.scopes ?? {})) {
    if (RESERVED_SCOPES.has(name)) {
      report(
        'POLICY_NAME',
        `scopes.${name}`,
        name,
        `The service tags with ${[...RESERVED_SCOPES].join(', ')} itself: choose another name.`,
      );
    }
  }
  if (Object.hasOwn(policy.routes, 'default')) {
    report(
      'POLICY_NAME',
      'routes.default',
      'default',
      'Paths without a route have this name, in switches, purges and the log: choose another.',
    );
  }
  if (Object.keys(policy.origins).length === 0) {
    report(
      'POLICY_SHAPE',
      'origins',
      policy.origins,
      'Name at least one origin: { app: { backend: "origin" } }.',
    );
  }
}

function checkCmsOverlap(policy: PolicyInput, name: string, provider: ProviderInput, report: Report): void {
  const cms = (policy.cms?.cookies ?? []).map(cmsCookieName);
  provider.credentials?.forEach((place, i) => {
    if ('cookie' in place && cms.some((cookie) => patternsOverlap(cookie, place.cookie))) {
      report(
        'POLICY_UNSAFE',
        `providers.${name}.credentials.${i}.cookie`,
        place.cookie,
        'A cookie of this name is in cms.cookies too, perhaps by a pattern: editors and users need cookies of different names.',
      );
    }
  });
}

function checkRoute(policy: PolicyInput, name: string, route: RouteInput, report: Report): void {
  const at = `routes.${name}`;
  const conflict = (setting: string, value: unknown, mend: string) =>
    report('POLICY_CONFLICT', `${at}.${setting}`, value, mend);

  if (route.scope !== undefined && !Object.hasOwn(policy.scopes ?? {}, route.scope)) {
    report(
      'POLICY_UNKNOWN_REFERENCE',
      `${at}.scope`,
      route.scope,
      `Known scopes: ${Object.keys(policy.scopes ?? {}).join(', ') || 'none'}.`,
    );
  }
  if (route.origin !== undefined && !Object.hasOwn(policy.origins, route.origin)) {
    report(
      'POLICY_UNKNOWN_REFERENCE',
      `${at}.origin`,
      route.origin,
      `Known origins: ${Object.keys(policy.origins).join(', ')}.`,
    );
  }
  if (route.scope !== undefined && route.lane !== undefined) {
    conflict('lane', route.lane, 'A route has a scope or a lane, not both: remove one.');
  }
  if (route.cache === false && route.scope === undefined) {
    conflict(
      'cache',
      false,
      'cache: false is for scoped routes (verify, pass, never store). Without a scope write lane: "pass".',
    );
  }
  if (route.cache === false || route.lane === 'pass') {
    for (const setting of [
      'ttlSeconds',
      'staleWhileRevalidateSeconds',
      'staleIfErrorSeconds',
      'browserTtlSeconds',
    ] as const) {
      if (route[setting] !== undefined)
        conflict(
          setting,
          route[setting],
          'Nothing of this route is ever stored: remove the time to live, or the rule that forbids storing.',
        );
    }
  }
  if (route.cache === false || route.lane === 'pass') {
    for (const setting of ['ignoreVary', 'compress'] as const) {
      if (route[setting] !== undefined)
        conflict(
          setting,
          route[setting],
          'This is about what is cached, and nothing of this route is: remove it.',
        );
    }
  }
  if (route.scope === undefined) {
    for (const setting of [
      'onMissing',
      'onInvalid',
      'purgeOnWrite',
      'capAtTokenExpiry',
      'forwardCredential',
      'forwardClaims',
      'revocation',
      'limitBadTokens',
    ] as const) {
      if (route[setting] !== undefined)
        conflict(setting, route[setting], 'This only has a meaning with a scope: add one, or remove it.');
    }
  }
  stripProblems(policy, at, route, report);
  if (route.cache === false) {
    for (const setting of ['onMissing', 'onInvalid'] as const) {
      if (route[setting] === 'public')
        report(
          'POLICY_UNSAFE',
          `${at}.${setting}`,
          'public',
          'A sensitive route never reaches the shared cache: use reject or pass.',
        );
    }
  }
  const scope = route.scope === undefined ? undefined : policy.scopes?.[route.scope];
  if (scope?.shared && route.forwardCredential) {
    report(
      'POLICY_UNSAFE',
      `${at}.forwardCredential`,
      true,
      "A shared bucket must not be filled with one member's token: the origin gets the claims of the scope instead.",
    );
  }
  for (const header of route.vary ?? []) {
    const taker = takerOfHeader(policy, header);
    if (taker !== null) {
      report(
        'POLICY_UNSAFE',
        `${at}.vary`,
        header,
        `${taker} takes this header for a credential: what nobody has verified would be stored under it. Use a scope.`,
      );
    } else if (NEVER_IN_VARY.has(cgiName(header.toLowerCase()))) {
      report(
        'POLICY_UNSAFE',
        `${at}.vary`,
        header,
        'This header is a credential, framing, or handled by the edge: remove it. For credentials, use a scope.',
      );
    }
    if (isAddressHeader(header.toLowerCase())) {
      report('POLICY_UNSAFE', `${at}.vary`, header, ADDRESS_IS_NO_PART);
    }
  }
  routeIdentityProblems(policy, at, route, report);
  graphqlProblems(at, route, report);
  checkTtl(at, route, report);
}

function checkTtl(at: string, route: RouteInput, report: Report): void {
  if (typeof route.ttlSeconds !== 'object') return;
  const { default: standard, min = 0, max = Number.POSITIVE_INFINITY } = route.ttlSeconds;
  if (min > max) report('POLICY_TTL', `${at}.ttlSeconds`, route.ttlSeconds, 'min is above max.');
  if (standard !== undefined && (standard < min || standard > max)) {
    report('POLICY_TTL', `${at}.ttlSeconds`, route.ttlSeconds, 'default lies outside min and max.');
  }
}
