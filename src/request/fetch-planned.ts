import { asEdgeError, HttpCacheDisabled } from '../errors.ts';
import { fetchFromCache } from './fetch-from-cache.ts';
import { fetchPassed } from './fetch-passed.ts';
import { type Failed, type Fetched, type Found, failed } from './fetched.ts';
import { limitPasses } from './limit-passes.ts';
import { cacheOriginRequest } from './origin-request-of.ts';
import { passInstead } from './plan-of-lane.ts';
import type { CachePlan, Plan } from './planned-request.ts';
import type { RequestState, Service } from './service.ts';

/** Carries a plan out: rejected, passed, or through the cache. Never rejects: what fails is an outcome. */
export async function fetchPlanned(service: Service, state: RequestState, plan: Plan): Promise<Fetched> {
  try {
    if (plan.lane === 'reject') return failed(plan.error, plan.log);
    if (plan.lane === 'pass') return await fetchPassed(service, state, plan);
    const found = await findPlanned(service, state, plan);
    if (found === null) return await fetchPassed(service, state, passInstead(plan, 'no-engine'));
    return found.kind === 'failed' || found.isForClient
      ? found
      : await passUnkeyed(service, state, plan, found);
  } catch (cause) {
    return failed(asEdgeError(cause), plan.log);
  }
}

/** Through the engine that is asked for; null: there is none. */
export async function findPlanned(
  service: Service,
  { context }: RequestState,
  plan: CachePlan,
): Promise<Found<CachePlan> | Failed | null> {
  const engine = service.engineFor(plan.switches.engine, plan.operation === null ? 'plain' : 'inspected');
  if (engine === null) return null;
  let shield: string | null = null;
  const onShieldResult = (result: string) => {
    shield = result;
  };
  try {
    const found = await fetchFromCache(service, context, engine, plan, () =>
      cacheOriginRequest(service.policy, plan, context.requestId, onShieldResult),
    );
    return shield === null ? found : { ...found, log: { ...found.log, shield } };
  } catch (error) {
    // An engine that was forced, and is not there.
    if (error instanceof HttpCacheDisabled) return null;
    throw error;
  }
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
  const passed = limitPasses(service.platform, clientAddress, passInstead({ ...plan, log }, 'vary-unkeyed'));
  const fetched =
    passed.lane === 'reject' ? failed(passed.error, passed.log) : await fetchPassed(service, state, passed);
  return { ...fetched, background };
}
