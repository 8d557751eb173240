import { asEdgeError, EdgeError } from '../errors.ts';
import { normaliseAcceptEncoding } from '../http/accept-encoding.ts';
import { platformKey } from '../keys/cache-key.ts';
import type { Decision, PassDecision, RejectDecision } from '../lanes/decision.ts';
import type { Reason } from '../lanes/lane.ts';
import { pass } from '../lanes/lane-decisions.ts';
import type { Origin } from '../policy/origins.ts';
import type { Router } from '../routing/router.ts';
import { ruleOf } from './evaluate-response.ts';
import type { CachePlan, PassPlan, Plan, Planned, RejectPlan } from './planned-request.ts';

// Written out, property by property: copying an object by `...` costs some hundred times as much in this runtime.

/** What follows from the lane of a request: what the origin would be asked, and by what its answer would be stored. */
export function planOfLane(planned: Planned, decision: Decision, router: Pick<Router, 'originOf'>): Plan {
  if (decision.lane === 'reject') return rejectedBy(planned, decision, refusal(decision));
  const { facts, credential } = planned;
  const origin = router.originOf(decision.route, facts.path, facts.host);
  if (decision.lane === 'pass') {
    return passPlan(planned, decision, origin, ownAnswerTo(decision));
  }
  const { operation, content, partition } = decision;
  return {
    facts,
    path: planned.path,
    switches: planned.switches,
    credential,
    verification: planned.verification,
    refusedCookies: planned.refusedCookies,
    keyTroubles: planned.keyTroubles,
    lane: decision.lane,
    reason: decision.reason,
    route: decision.route,
    cacheKey: decision.cacheKey,
    surrogateKeys: decision.surrogateKeys,
    partition,
    target: decision.target,
    operation,
    content,
    origin,
    encoding: normaliseAcceptEncoding(facts.headers.get('accept-encoding'), operation !== null),
    tokenExpiresAtSeconds: partition === null ? null : (credential.identity?.expiresAtSeconds ?? null),
    freshness: ruleOf(decision),
  };
}

function ownAnswerTo({ reason }: PassDecision): PassPlan['ownAnswer'] {
  if (reason === 'websocket') return 'websocket';
  return reason === 'graphql-ask' ? 'ask-for-document' : null;
}

/** With a key that every platform takes. */
export function withPlatformKey(plan: Plan): Plan | Promise<Plan> {
  const key = 'cacheKey' in plan ? platformKey(plan.cacheKey) : '';
  return typeof key === 'string' ? plan : key.then((cacheKey) => ({ ...(plan as CachePlan), cacheKey }));
}

/** A preflight is answered from the policy: nobody is authenticated, and no origin is asked. */
export function preflightPlan(planned: Planned, router: Pick<Router, 'originOf'>): PassPlan {
  const { facts, path } = planned;
  const origin = router.originOf(path.route, facts.path, facts.host);
  return passPlan(planned, pass(path.route, 'preflight', { noStore: false }), origin, 'preflight');
}

/** What a plan becomes where something failed on the way, or the client has asked for too much. */
export function rejectPlan(planned: Planned, cause: unknown, reason: Reason = 'error'): RejectPlan {
  const error = asEdgeError(cause);
  return rejectedBy(planned, { lane: 'reject', reason, route: planned.path.route, code: error.code }, error);
}

function rejectedBy(planned: Planned, { reason, route, code }: RejectDecision, error: EdgeError): RejectPlan {
  return {
    facts: planned.facts,
    path: planned.path,
    switches: planned.switches,
    credential: planned.credential,
    verification: planned.verification,
    refusedCookies: planned.refusedCookies,
    keyTroubles: planned.keyTroubles,
    lane: 'reject',
    reason,
    route,
    code,
    error,
  };
}

function passPlan(
  planned: Planned,
  decision: PassDecision,
  origin: Origin,
  ownAnswer: PassPlan['ownAnswer'],
): PassPlan {
  const { facts } = planned;
  return {
    facts,
    path: planned.path,
    switches: planned.switches,
    credential: planned.credential,
    verification: planned.verification,
    refusedCookies: planned.refusedCookies,
    keyTroubles: planned.keyTroubles,
    lane: 'pass',
    reason: decision.reason,
    route: decision.route,
    authenticated: decision.authenticated,
    noStore: decision.noStore,
    partition: decision.partition,
    anonymous: decision.anonymous,
    purgeAfterWrite: decision.purgeAfterWrite,
    detail: decision.detail,
    observed: decision.observed,
    origin,
    target: facts.query === '' ? facts.path : `${facts.path}?${facts.query}`,
    ownAnswer,
  };
}

/**
 * What a plan for the cache becomes where the request must not be answered from there.
 *
 * @param why - The platform has no cache that could be used; or what is stored varies on a field that this client sends and the edge
 *   withheld. Of the second, a public answer keeps what its origin says of caching.
 */
export function passInstead(plan: CachePlan, why: 'no-engine' | 'vary-unkeyed'): PassPlan {
  const { lane, reason, route, partition, origin } = plan;
  const decision = pass(route, why, {
    authenticated: lane === 'scoped',
    noStore: why === 'no-engine' || lane === 'scoped',
    partition,
    anonymous: reason === 'scope-fallback-public',
  });
  return passPlan(plan, decision, origin, null);
}

function blockedFor({ badTokenLimit, scope }: RejectDecision['route']): number | undefined {
  if (badTokenLimit !== null) return badTokenLimit.blockMinutes;
  return scope?.providers.find(({ lookup }) => lookup !== null)?.lookup?.limit.blockMinutes;
}

/** A limited client may come back when it leaves the penalty box. */
function refusal({ code, route, why }: RejectDecision): EdgeError {
  const blockMinutes = code === 'ERR_RATE_LIMITED' ? blockedFor(route) : undefined;
  return new EdgeError(code, {
    ...(blockMinutes === undefined ? {} : { retryAfterSeconds: blockMinutes * 60 }),
    ...(why === undefined ? {} : { cause: new Error(why) }),
  });
}
