import { asEdgeError } from '../errors.ts';
import { askedRequest } from './ask-for-entities.ts';
import { fetchFromCache } from './fetch-from-cache.ts';
import { fetchPassed } from './fetch-passed.ts';
import { type Failed, type Fetched, type Found, failed } from './fetched.ts';
import { limitPasses } from './limit-passes.ts';
import { passInstead } from './plan-of-lane.ts';
import { cacheOriginRequest } from './planned-origin-request.ts';
import { type CachePlan, type Plan, workOf } from './planned-request.ts';
import type { RequestState, Service } from './service.ts';

/** Carries a plan out: rejected, passed, or through the cache. Never rejects: what fails is an outcome. */
export async function fetchPlanned(service: Service, state: RequestState, plan: Plan): Promise<Fetched> {
  try {
    if (plan.lane === 'reject') return failed(plan.error, {});
    if (plan.lane === 'pass') return await fetchPassed(service, state, plan);
    const found = await findPlanned(service, state, plan);
    if (found === null) {
      const fetched = await fetchPassed(service, state, passInstead(plan, 'no-engine'));
      return { ...fetched, log: { lane: 'pass', reason: 'no-engine', ...fetched.log } };
    }
    return found.kind === 'failed' || found.isForClient
      ? found
      : await passUnkeyed(service, state, plan, found);
  } catch (cause) {
    return failed(asEdgeError(cause), {});
  }
}

/** Through the engine that is asked for; null: there is none. */
export function findPlanned(
  service: Service,
  { context }: RequestState,
  plan: CachePlan,
): Promise<Found<CachePlan> | Failed | null> {
  const engine = service.engineFor(plan.switches.engine, workOf(plan));
  if (engine === null) return Promise.resolve(null);
  return fetchFromCache(service, context, engine, plan, (onShieldResult, reading) =>
    askedRequest(service, plan, reading, (asked) =>
      cacheOriginRequest(service.policy, asked, context.requestId, onShieldResult),
    ),
  );
}

/** The client sends a field that the response varies on, and that the edge withheld: it gets an answer of its own. */
async function passUnkeyed(
  service: Service,
  state: RequestState,
  plan: CachePlan,
  { result, log, background }: Found,
): Promise<Fetched> {
  result.body?.discard();
  const { clientAddress } = state.context;
  const passed = limitPasses(service.platform, clientAddress, passInstead(plan, 'vary-unkeyed'));
  const fetched =
    passed.lane === 'reject'
      ? failed(passed.error, { lane: 'reject' })
      : await fetchPassed(service, state, passed);
  const shield = fetched.log.shield ?? log.shield ?? null;
  return {
    ...fetched,
    log: { ...log, lane: 'pass', reason: 'vary-unkeyed', ...fetched.log, shield },
    background,
  };
}
