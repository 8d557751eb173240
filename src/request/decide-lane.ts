import { matchesGlob } from '../http/name-pattern.ts';
import { cacheKey } from '../keys/cache-key.ts';
import { canonicalQuery } from '../keys/query.ts';
import { routeKey, urlKeys } from '../keys/surrogate-key.ts';
import type {
  CacheDecision,
  Decision,
  LaneSwitch,
  PassDecision,
  Reason,
  RejectDecision,
  RequestFacts,
  Switches,
} from '../types/decision.ts';
import type { IdentityResult, Partition } from '../types/identity.ts';
import type { Policy, Route } from '../types/policy.ts';
import { asksOnly } from './is-read-only-operation.ts';

/** Everything a decision depends on. Plain data: no I/O, no clock. */
export interface DecideInput {
  readonly policy: Policy;
  readonly facts: RequestFacts;
  readonly route: Route;
  readonly isCmsPath: boolean;
  readonly isLookalike: boolean;
  /** The most folded reading of the path: a purge of any of its spellings finds an entry by it. */
  readonly folded: string;
  /** Other routes that an origin might read in the path, with what the credential is to them. */
  readonly also: readonly Requirement[];
  /** What the credential turned out to be; null where the route has no scope. */
  readonly identity: IdentityResult | null;
  /** The scope filled with that identity's values; null where a claim of it cannot be used. */
  readonly partition: Partition | null;
  readonly switches: Switches;
}

/** What a request has to satisfy beside the rules of its route. */
export type Requirement = Pick<DecideInput, 'route' | 'identity' | 'partition'>;

/** The lane of a request and all that follows from it, in the order that docs/lanes.md describes. */
export function decide(input: DecideInput): Decision {
  const { facts, route } = input;
  if (facts.method === 'OPTIONS') return pass(route, 'preflight', { noStore: false });
  if (route.scope !== null) return input.also.length === 0 ? decideScoped(input) : decideForAll(input);

  if (hasCmsCookie(input)) return pass(route, 'cms-cookie', { authenticated: true });
  if (input.isCmsPath) return pass(route, 'cms-path', { authenticated: true });
  if (isPassedAuthorization(input)) return pass(route, 'authorization-unclaimed', { authenticated: true });
  if (isWrite(facts)) return pass(route, writeReason(input, 'unsafe-method'), { noStore: false });
  if (route.kind === 'pass') return pass(route, 'route-pass');
  return decidePublic(input, 'anonymous');
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
  if (partition === null) return fallBack(input, route.onInvalid, 'ERR_SCOPE_CLAIM');

  const whose = { authenticated: identity.kind === 'verified', partition };
  if (isWrite(facts)) {
    const reason = writeReason(input, 'scope-write');
    // Nobody has written anything yet: the client is asked for the text first.
    const purges = route.purgeOnWrite && reason !== 'graphql-ask';
    return pass(route, reason, { ...whose, purgeAfterWrite: purges ? partition.surrogateKeys : [] });
  }
  if (route.kind === 'sensitive') return pass(route, 'scope-sensitive', whose);
  if (hasCmsCookie(input)) return pass(route, 'scope-editor', whose);
  const held = switchOf(input, 'scoped');
  const obstacle = obstacleOf(held) ?? obstacleToCaching(input);
  if (obstacle !== null) return pass(route, obstacle, whose);
  const decision: CacheDecision = {
    ...cached(input, partition),
    lane: 'scoped',
    reason: 'scope-verified',
    surrogateKeys: [
      ...partition.surrogateKeys,
      routeKey(route.name),
      ...urlKeys(facts.host, [facts.path, input.folded]),
    ],
  };
  return held === 'observe' ? pass(route, 'switch-observe', { ...whose, observed: decision }) : decision;
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
  if (rule === 'pass' || isWrite(facts) || hasCmsCookie(input)) {
    return pass(route, 'scope-fallback-pass', { authenticated: true, anonymous: rule === 'public' });
  }
  return decidePublic(input, 'scope-fallback-public');
}

function decidePublic(input: DecideInput, reason: Reason): Decision {
  const { facts, route } = input;
  const held = switchOf(input, 'public');
  const obstacle = obstacleOf(held) ?? obstacleToCaching(input);
  if (obstacle !== null) return pass(route, obstacle, { anonymous: reason === 'scope-fallback-public' });
  const decision: CacheDecision = {
    ...cached(input, null),
    lane: 'public',
    reason,
    surrogateKeys: [routeKey(route.name), ...urlKeys(facts.host, [facts.path, input.folded])],
  };
  // Served as it was before: what the origin says of caching goes out to browsers as it is.
  return held === 'observe'
    ? pass(route, 'switch-observe', { noStore: false, observed: decision })
    : decision;
}

/** What the switches say of a lane on this route. `pass` and `unreadable` are stronger than `observe`. */
function switchOf({ route, switches }: DecideInput, lane: 'public' | 'scoped'): LaneSwitch {
  if (switches.all !== 'on') return switches.all;
  const ofRoute = switches.route(route.name);
  if (ofRoute === 'pass' || ofRoute === 'unreadable') return ofRoute;
  const ofLane = switches.lane(lane);
  return ofLane === 'on' ? ofRoute : ofLane;
}

function obstacleOf(held: LaneSwitch): Reason | null {
  if (held === 'pass') return 'switch-pass';
  return held === 'unreadable' ? 'switches-unreadable' : null;
}

/** Why a request that could be cached by its lane passes all the same. */
function obstacleToCaching({ facts, route, isLookalike }: DecideInput): Reason | null {
  if (facts.ambiguousTarget) return 'ambiguous-target';
  if (route.graphql !== null && facts.operation?.kind !== 'query') {
    return `graphql-${facts.operation?.kind ?? 'unreadable'}`;
  }
  if (facts.hasBody && facts.operation === null) return 'body-on-get';
  return isLookalike ? 'protected-lookalike' : null;
}

function cached(
  { facts, route, policy, switches }: DecideInput,
  partition: Partition | null,
): Pick<CacheDecision, 'route' | 'cacheKey' | 'partition' | 'target' | 'operation'> {
  const operation = facts.operation?.kind === 'query' ? facts.operation : null;
  const query = canonicalQuery(operation?.rest ?? facts.query, route.query, policy.ignoreQuery);
  const targetOf = (...parts: readonly string[]) => {
    const text = parts.filter((part) => part !== '').join('&');
    return text === '' ? facts.path : `${facts.path}?${text}`;
  };
  return {
    route,
    partition,
    operation,
    target: targetOf(query, operation?.parameters ?? ''),
    cacheKey: cacheKey({
      keyVersion: switches.keyVersion,
      host: facts.host,
      // The parameters of a GraphQL query are in its digest, where two spellings of one document are the same.
      target: targetOf(query),
      partition,
      varyValues: route.vary.map((name) => facts.headers.get(name)),
      bodyDigest: operation?.digest ?? null,
    }),
  };
}

function pass(
  route: Route,
  reason: Reason,
  more: Partial<Omit<PassDecision, 'lane' | 'route' | 'reason'>> = {},
): PassDecision {
  return {
    lane: 'pass',
    reason,
    route,
    authenticated: false,
    noStore: true,
    partition: null,
    anonymous: false,
    purgeAfterWrite: [],
    observed: null,
    ...more,
  };
}

/** What a purge must follow: an unsafe method, unless it is known to ask only; a mutation, and what may be one, even by GET. */
function isWrite(facts: RequestFacts): boolean {
  const { operation } = facts;
  if (operation?.kind === 'mutation') return true;
  if (operation?.kind === 'unreadable' && operation.mayWrite) return true;
  return facts.method !== 'GET' && facts.method !== 'HEAD' && !asksOnly(facts);
}

function writeReason({ facts, route }: DecideInput, otherwise: Reason): Reason {
  const kind = facts.operation?.kind;
  if (kind === undefined || kind === 'query') return otherwise;
  return kind === 'unlearned' && route.graphql?.unknownHash === 'ask' ? 'graphql-ask' : `graphql-${kind}`;
}

function hasCmsCookie({ policy, facts: { cookies } }: DecideInput): boolean {
  const { names, globs } = policy.cms.cookies;
  for (const name of names) if (cookies.has(name)) return true;
  for (const glob of globs) for (const name of cookies.keys()) if (matchesGlob(glob, name)) return true;
  return false;
}

/** With `cms.bearer: false` a Bearer token that no scope claims is dropped; any other scheme still passes. */
function isPassedAuthorization({ policy, facts }: DecideInput): boolean {
  const value = facts.headers.get('authorization');
  return value !== null && (policy.cms.bearer || !/^bearer(?:\s|$)/i.test(value));
}
