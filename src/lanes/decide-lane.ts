import { hasTooMany } from '../identity/claim-set.ts';
import type { IdentityResult } from '../identity/identity.ts';
import { routeKey, urlKeys } from '../keys/surrogate-key.ts';
import type { Route } from '../policy/routes/route.ts';
import type { Decision, RejectDecision } from './decision.ts';
import { fallbackPass } from './fallback-pass.ts';
import type { Reason } from './lane.ts';
import { cached, pass } from './lane-decisions.ts';
import {
  cmsMarkOf,
  isPassedAuthorization,
  isWrite,
  obstacleOf,
  obstacleToCaching,
  switchOf,
  writeReason,
} from './lane-facts.ts';
import type { DecideInput } from './lane-input.ts';

/** The lane of a request and all that follows from it, in the order that docs/concepts/lanes.md describes. */
export function decideLane(input: DecideInput): Decision {
  const { facts, route } = input;
  if (facts.method === 'OPTIONS') return pass(route, 'preflight', { noStore: false });
  if (route.scope !== null) return input.also.length === 0 ? decideScoped(input) : decideForAll(input);

  const mark = cmsMarkOf(input);
  if (mark !== null) return pass(route, mark, { authenticated: true });
  if (input.isCmsPath) return pass(route, 'cms-path', { authenticated: true });
  if (isPassedAuthorization(input)) return pass(route, 'authorization-unclaimed', { authenticated: true });
  if (isWrite(facts)) return pass(route, writeReason(input, 'unsafe-method'), { noStore: false });
  if (route.kind === 'pass') return pass(route, 'route-pass');
  return passedByFallback(input) ?? decidePublic(input, 'anonymous');
}

/** A path that no route names, where the policy does not take everybody there for anonymous. */
function passedByFallback({ policy, route, facts }: DecideInput): Decision | null {
  if (policy.fallbackRule === null || route !== policy.fallback) return null;
  const passed = fallbackPass(policy.fallbackRule, facts);
  if (passed === null) return null;
  // Most of this is files that browsers keep: what the origin says of caching goes out as it is.
  return pass(route, passed.reason, { noStore: false, detail: passed.cookie ?? '' });
}

/** Whatever one of the routes refuses is refused, and a write purges for all of them. */
function decideForAll(input: DecideInput): Decision {
  const decision = decideScoped(input);
  if (decision.lane === 'reject') return decision;
  const purges: string[] = [];
  for (const other of input.also) {
    const otherwise = decideScoped({ ...input, ...other });
    if (otherwise.lane === 'reject') return otherwise;
    if (otherwise.lane === 'pass') purges.push(...otherwise.purgeAfterWrite);
  }
  if (decision.lane !== 'pass' || purges.length === 0) return decision;
  return { ...decision, purgeAfterWrite: [...new Set([...decision.purgeAfterWrite, ...purges])] };
}

function decideScoped(input: DecideInput): Decision {
  const { facts, route, identity, partition } = input;
  if (identity === null || identity.kind === 'missing') {
    return fallBack(input, route.onMissing, 'ERR_CREDENTIAL_MISSING');
  }
  // Keys or a store could not be had: nobody was verified, and no other lane may take the request.
  if (identity.kind === 'unavailable') return reject(input, identity.code);
  if (identity.kind === 'invalid') {
    // A valid token without the required role is refused as such; it never becomes an anonymous request.
    if (identity.code === 'ERR_SCOPE_INSUFFICIENT') return reject(input, identity.code);
    return fallBack(input, route.onInvalid, identity.code);
  }
  if (partition === null) {
    const { scope } = route;
    const isSetTooLarge =
      scope !== null && identity.kind === 'verified' && hasTooMany(identity.identity, scope);
    // Nothing is wrong with such a token: it does not become an anonymous request either.
    return isSetTooLarge
      ? reject(input, 'ERR_SCOPE_SET')
      : fallBack(input, route.onInvalid, 'ERR_SCOPE_CLAIM');
  }

  const known = { authenticated: identity.kind === 'verified', partition };
  if (isWrite(facts)) {
    const reason = writeReason(input, 'scope-write');
    // Nobody has written anything yet: the client is asked for the text first.
    const purges = route.purgeOnWrite && reason !== 'graphql-ask';
    return pass(route, reason, { ...known, purgeAfterWrite: purges ? partition.surrogateKeys : [] });
  }
  if (route.kind === 'sensitive') return pass(route, 'scope-sensitive', known);
  if (cmsMarkOf(input) !== null) return pass(route, 'scope-editor', known);
  const held = switchOf(input, 'scoped');
  const obstacle = obstacleOf(held) ?? obstacleToCaching(input);
  if (obstacle !== null) return pass(route, obstacle, { ...known, detail: detailOf(facts) });
  const keys = partition.surrogateKeys.concat(keysOf(input));
  const decision = cached(input, partition, 'scoped', 'scope-verified', keys);
  return held === 'observe' ? pass(route, 'switch-observe', { ...known, observed: decision }) : decision;
}

/** Refused, unless the route is only observed. An origin that never sees the credential cannot refuse for itself. */
function reject(input: DecideInput, code: RejectDecision['code']): Decision {
  const { route, identity } = input;
  const why = identity !== null && 'why' in identity ? { why: identity.why } : {};
  const decision: RejectDecision = { lane: 'reject', reason: 'error', route, code, ...why };
  if (route.hideCredential || switchOf(input, 'scoped') !== 'observe') return decision;
  return pass(route, 'switch-observe', { authenticated: true, observed: decision });
}

function fallBack(
  input: DecideInput,
  rule: Route['onMissing'],
  code: 'ERR_CREDENTIAL_MISSING' | Extract<IdentityResult, { kind: 'invalid' }>['code'],
): Decision {
  const { route, facts } = input;
  if (rule === 'reject') return reject(input, code);
  if (rule === 'pass' || isWrite(facts) || cmsMarkOf(input) !== null) {
    return pass(route, 'scope-fallback-pass', { authenticated: true, anonymous: rule === 'public' });
  }
  return decidePublic(input, 'scope-fallback-public');
}

function decidePublic(input: DecideInput, reason: Reason): Decision {
  const { facts, route } = input;
  const held = switchOf(input, 'public');
  const obstacle = obstacleOf(held) ?? obstacleToCaching(input);
  if (obstacle !== null) {
    const anonymous = reason === 'scope-fallback-public';
    return pass(route, obstacle, { anonymous, detail: detailOf(facts) });
  }
  const decision = cached(input, null, 'public', reason, keysOf(input));
  // Served as it was before: what the origin says of caching goes out to browsers as it is.
  return held === 'observe'
    ? pass(route, 'switch-observe', { noStore: false, observed: decision })
    : decision;
}

/** The route's key, and the URL's: but for a GraphQL endpoint, where one URL is everything, and anybody's write would empty it. */
function keysOf({ facts, route, folded }: DecideInput): readonly string[] {
  const key = routeKey(route.name);
  return facts.operation === null ? [key].concat(urlKeys(facts.host, [facts.path, folded])) : [key];
}

/** Why a body is no part of the key. */
function detailOf({ content }: DecideInput['facts']): string {
  return content?.kind === 'unkeyed' ? content.why : '';
}
