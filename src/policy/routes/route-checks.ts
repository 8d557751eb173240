import type { CmsInput } from '../cms/cms.ts';
import { graphqlProblems } from '../graphql-rule.ts';
import { unknownName } from '../names.ts';
import type { OriginsInput } from '../origins.ts';
import type { Report } from '../policy-error.ts';
import type { ProvidersInput } from '../providers/provider.ts';
import type { ScopesInput } from '../scopes/scope.ts';
import { bodyProblems } from './body-rule.ts';
import { routeHostProblems } from './hosts-rule.ts';
import { varyProblems } from './known-vary.ts';
import { lifetimeProblems, TIMES } from './lifetimes.ts';
import { otherSchemeProblems } from './other-schemes.ts';
import { queryProblems } from './query-rule.ts';
import type { RouteInput } from './route.ts';
import { NEED_A_SCOPE, routeIdentityProblems } from './route-identity.ts';
import { stripProblems } from './strip-cookies.ts';
import { variantProblems } from './variants.ts';
import { websocketProblems } from './websocket-checks.ts';

interface Sections {
  readonly origins: OriginsInput;
  readonly providers?: ProvidersInput;
  readonly scopes?: ScopesInput;
  readonly revocation?: unknown;
  readonly badTokenLimit?: unknown;
  readonly passLimit?: unknown;
  readonly cms?: CmsInput;
  readonly hosts?: readonly string[];
}

/** What is wrong with one route. */
export function routeProblems(policy: Sections, name: string, route: RouteInput, report: Report): void {
  const at = `routes.${name}`;
  if (name === 'default') {
    const fix = 'Paths without a route have this name, in switches, purges and the log: choose another.';
    report('POLICY_NAME', at, name, fix);
  }
  checkReferences(policy, at, route, report);
  checkKind(at, route, report);
  routeHostProblems(`${at}.hosts`, route.hosts, policy.hosts, report);
  const scope = route.scope === undefined ? undefined : policy.scopes?.[route.scope];
  stripProblems(at, route, scope, report);
  varyProblems(at, route, policy, report);
  variantProblems(policy, at, route, report);
  queryProblems(at, route, report);
  routeIdentityProblems(policy, at, route, report);
  otherSchemeProblems(policy, at, route, report);
  graphqlProblems(at, route, Object.keys(policy.scopes ?? {}), report);
  bodyProblems(at, route, report);
  websocketProblems(policy, at, route, report);
  lifetimeProblems(at, route, report);
  if (route.passLimit !== undefined && policy.passLimit === undefined) {
    const fix = 'Say how many are too many: passLimit: { count: 120 } of the policy.';
    report('POLICY_CONFLICT', `${at}.passLimit`, route.passLimit, fix);
  }
}

function checkReferences(policy: Sections, at: string, route: RouteInput, report: Report): void {
  const sections = { scope: policy.scopes ?? {}, origin: policy.origins };
  for (const kind of ['scope', 'origin'] as const) {
    const name = route[kind];
    if (name === undefined || Object.hasOwn(sections[kind], name)) continue;
    const fix = unknownName(kind, name, Object.keys(sections[kind]));
    report('POLICY_UNKNOWN_REFERENCE', `${at}.${kind}`, name, fix);
  }
}

/** A scope, a lane and `cache` decide what else a route may say. */
function checkKind(at: string, route: RouteInput, report: Report): void {
  const conflict = (setting: keyof RouteInput, fix: string) =>
    report('POLICY_CONFLICT', `${at}.${setting}`, route[setting], fix);
  const conflicts = (settings: readonly (keyof RouteInput)[], fix: string) => {
    for (const setting of settings) if (route[setting] !== undefined) conflict(setting, fix);
  };
  if (route.scope !== undefined && route.lane !== undefined) {
    conflict('lane', 'A route has a scope or a lane, not both: remove one.');
  }
  if (route.cache === false && route.scope === undefined) {
    conflict(
      'cache',
      'cache: false is for scoped routes (verify, pass, never store). Without a scope write lane: "pass".',
    );
  }
  if (route.cache === false || route.lane === 'pass') {
    conflicts(
      TIMES,
      'Nothing of this route is ever stored: remove the time to live, or the rule that forbids storing.',
    );
    conflicts(
      ['ignoreVary', 'compress'],
      'This is about what is cached, and nothing of this route is: remove it.',
    );
  }
  if (route.scope === undefined) {
    conflicts(NEED_A_SCOPE, 'This only has a meaning with a scope: add one, or remove it.');
  }
}
