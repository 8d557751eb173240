import { asEdgeError, EdgeError } from '../errors.ts';
import { normaliseAcceptEncoding } from '../http/accept-encoding.ts';
import type { Router } from '../router/router.ts';
import type { CacheDecision, Decision, PassDecision, Reason, RejectDecision } from '../types/decision.ts';
import { ruleOf } from './evaluate-response.ts';
import { pass } from './lane-decisions.ts';
import type { CachePlan, PassPlan, Plan, Planned, RejectPlan } from './planned-request.ts';

/** What follows from the lane of a request: what the origin would be asked, and by what its answer would be stored. */
export function planOfLane(planned: Planned, decision: Decision, router: Pick<Router, 'originOf'>): Plan {
  if (decision.lane === 'reject')
    return { ...planned, ...decision, ...logOf(planned, decision), error: refusal(decision) };
  const { facts, credential } = planned;
  const origin = router.originOf(decision.route, facts.path, facts.host);
  if (decision.lane === 'pass') {
    const ownAnswer = decision.reason === 'graphql-ask' ? 'ask-for-document' : null;
    return {
      ...planned,
      ...decision,
      ...logOf(planned, decision),
      origin,
      target: wholeTarget(planned),
      ownAnswer,
    };
  }
  return {
    ...planned,
    ...decision,
    ...logOf(planned, decision),
    origin,
    encoding: normaliseAcceptEncoding(facts.headers.get('accept-encoding'), decision.operation !== null),
    tokenExpiresAtSeconds:
      decision.partition === null ? null : (credential.identity?.expiresAtSeconds ?? null),
    freshness: ruleOf(decision),
  };
}

/** A preflight is answered from the policy: nobody is authenticated, and no origin is asked. */
export function preflightPlan(planned: Planned, router: Pick<Router, 'originOf'>): PassPlan {
  const { facts, path } = planned;
  const decision = pass(path.route, 'preflight', { noStore: false });
  const origin = router.originOf(path.route, facts.path, facts.host);
  return {
    ...planned,
    ...decision,
    ...logOf(planned, decision),
    origin,
    target: wholeTarget(planned),
    ownAnswer: 'preflight',
  };
}

/** What a plan becomes where something failed on the way, or the client has asked for too much. */
export function rejectPlan(planned: Planned, cause: unknown, reason: Reason = 'error'): RejectPlan {
  const { facts, path, switches, credential, keyTroubles } = planned;
  const error = asEdgeError(cause);
  const decision: RejectDecision = { lane: 'reject', reason, route: path.route, code: error.code };
  return { facts, path, switches, credential, keyTroubles, ...decision, ...logOf(planned, decision), error };
}

/**
 * What a plan for the cache becomes where the request must not be answered from there.
 *
 * @param why - The platform has no cache that could be used; or what is stored varies on a field that this client sends and the edge
 *   withheld. Of the second, a public answer keeps what its origin says of caching.
 */
export function passInstead(plan: CachePlan, why: 'no-engine' | 'vary-unkeyed'): PassPlan {
  const { facts, path, switches, credential, keyTroubles, origin } = plan;
  const planned = { facts, path, switches, credential, keyTroubles, log: plan.log };
  const decision = passDecision(plan, why);
  return {
    ...planned,
    ...decision,
    ...logOf(planned, decision),
    origin,
    target: wholeTarget(planned),
    ownAnswer: null,
  };
}

function passDecision(
  { lane, reason, route, partition }: CacheDecision,
  why: 'no-engine' | 'vary-unkeyed',
): PassDecision {
  return pass(route, why, {
    authenticated: lane === 'scoped',
    noStore: why === 'no-engine' || lane === 'scoped',
    partition,
    anonymous: reason === 'scope-fallback-public',
  });
}

function logOf(
  { log }: Pick<Planned, 'log'>,
  { lane, reason }: Pick<Decision, 'lane' | 'reason'>,
): Pick<Planned, 'log'> {
  return { log: { ...log, lane, reason } };
}

function wholeTarget({ facts: { path, query } }: Pick<Planned, 'facts'>): string {
  return query === '' ? path : `${path}?${query}`;
}

/** A limited client may come back when it leaves the penalty box. */
function refusal({ code, route, why }: RejectDecision): EdgeError {
  const blockMinutes = code === 'ERR_RATE_LIMITED' ? route.badTokenLimit?.blockMinutes : undefined;
  return new EdgeError(code, {
    ...(blockMinutes === undefined ? {} : { retryAfterSeconds: blockMinutes * 60 }),
    ...(why === undefined ? {} : { cause: new Error(why) }),
  });
}
