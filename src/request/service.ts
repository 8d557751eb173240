import { createChooser } from '../cache/choose-engine.ts';
import { createCoreEngine } from '../cache/core/core-engine.ts';
import { createReadthroughEngine } from '../cache/readthrough/readthrough-engine.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import { fetchWithRetry } from '../origin/fetch-with-retry.ts';
import type { Platform } from '../platform/platform.ts';
import type { RequestContext } from '../platform/request-context.ts';
import type { Policy } from '../policy/policy.ts';
import type { Router } from '../routing/router.ts';
import { originWays } from './origin-ways.ts';
import { createPlanner, type Planner } from './plan.ts';
import { type RequestBody, requestBody } from './request-body.ts';

/** Everything that lives as long as the sandbox. No field of it ever belongs to one request. */
export interface Service extends Planner {
  readonly policy: Policy;
  readonly router: Router;
  readonly platform: Platform;
  readonly engineFor: ReturnType<typeof createChooser>;
  /** The platform's, with the policy's timeout and retries. */
  readonly fetchOrigin: Platform['fetchOrigin'];
}

/** What belongs to one request, beside its plan. */
export interface RequestState {
  readonly context: RequestContext;
  readonly body: RequestBody;
}

export function createService(policy: Policy, router: Router, bare: Platform): Service {
  const { coreCache, nowMs } = bare;
  const ways = originWays(bare, policy);
  // A key set may stand on a locked origin too.
  const platform: Platform = { ...bare, fetchOrigin: ways.fetchOrigin };
  const fetchOnce = fetchWithRetry(ways.fetchOrigin, policy.limits);
  const fetchOrigin: Platform['fetchOrigin'] = (request) => {
    const { receive } = request;
    const asked = fetchOnce(request);
    return receive === undefined ? asked : asked.then((response) => receive(response, fetchOnce));
  };
  const core =
    coreCache && createCoreEngine({ cache: coreCache, fetchOrigin, nowMs, sleepMs, cutOff: platform.cutOff });
  const readthrough =
    ways.httpCache &&
    createReadthroughEngine({
      http: ways.httpCache,
      core: coreCache,
      fetchOrigin,
      purge: (key) => bare.purge(key, false),
      retryRule: policy.limits,
      nowMs,
    });
  const engineFor = createChooser({ readthrough, core, hasReadthrough: platform.hasHttpCache });
  return { policy, router, platform, engineFor, fetchOrigin, ...createPlanner(policy, router, platform) };
}

/** `headers`: those of the request as it was read. */
export function startState(
  { platform, policy }: Service,
  context: RequestContext,
  headers: ReadonlyFields,
): RequestState {
  const { nowMs } = platform;
  return { context, body: requestBody(context.request, headers, { nowMs, limits: policy.limits }) };
}

function sleepMs(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
