import { traceFields } from '../http/trace-fields.ts';
import { forwardedClaims } from '../identity/forwarded-claims.ts';
import { isReadOnlyOperation } from '../lanes/is-read-only-operation.ts';
import { addressHeaders } from '../origin/address-headers.ts';
import { cacheRequest } from '../origin/cache-request.ts';
import { passRequest } from '../origin/pass-request.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { RequestContext } from '../platform/request-context.ts';
import type { Policy } from '../policy/policy.ts';
import type { Relay, RelayedRequest } from '../shield/relay-plan.ts';
import type { CachePlan, PassPlan } from './planned-request.ts';

type OnShieldResult = Relay['onShieldResult'];

/** The request of a plan for the cache, made where the origin is asked. */
export function cacheOriginRequest(
  policy: Policy,
  plan: CachePlan,
  requestId: string,
  onShieldResult: OnShieldResult,
): RelayedRequest {
  const { facts, route, origin, encoding, credential } = plan;
  const caller = {
    identity: credential.identity,
    claims: forwardedClaims(credential.identity, route),
    trace: traceFields(policy.forwardHeaders, facts.headers, requestId),
  };
  const request = cacheRequest(facts, plan, origin, caller, encoding, policy);
  const { shield } = origin;
  // A body is no part of a seal: a request that has one goes straight to the origin.
  if (shield === null || plan.operation !== null || plan.content !== null) return request;
  const { lane, reason, cacheKey, surrogateKeys, partition, target, tokenExpiresAtSeconds } = plan;
  const known = { lane, reason, cacheKey, surrogateKeys, partition, target, tokenExpiresAtSeconds };
  const sealed = { ...known, operation: null, content: null };
  const relay = { shield, origin: origin.name, route: route.name, requestId, plan: sealed, onShieldResult };
  return { ...request, relay };
}

/** The request of a plan that passes. */
export function passOriginRequest(
  policy: Policy,
  plan: PassPlan,
  { requestId, clientAddress }: Pick<RequestContext, 'requestId' | 'clientAddress'>,
  body: OriginRequest['body'],
  onShieldResult: OnShieldResult,
): RelayedRequest {
  const { facts, route, origin, lane, reason, purgeAfterWrite, credential } = plan;
  const caller = {
    identity: credential.identity,
    claims: forwardedClaims(credential.identity, route),
    address: addressHeaders(policy.clientAddressHeaders, clientAddress),
    trace: traceFields(policy.forwardHeaders, facts.headers, requestId),
  };
  const request = passRequest(facts, plan, origin, caller, body);
  const { shield } = origin;
  // What only asks by POST goes straight to the origin: to the second pass it would be a write.
  if (shield === null || isReadOnlyOperation(facts)) return request;
  const sealed = { lane, reason, purgeAfterWrite };
  const relay = { shield, origin: origin.name, route: route.name, requestId, plan: sealed, onShieldResult };
  return { ...request, relay };
}
