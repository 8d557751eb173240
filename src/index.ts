/// <reference types="@fastly/js-compute" />
import { type CompiledPolicy, compiledPolicy } from './compiled-policy.ts';
import { createPlatform } from './fastly/create-platform.ts';
import { reuseSandbox } from './fastly/sandbox.ts';
import { vCpuTime } from './fastly/vcpu-time.ts';
import { authorityOf, isResolved, splitTarget } from './http/target.ts';
import { OPERATOR_PREFIX } from './operator/paths.ts';
import { normalPath } from './paths/normal-path.ts';
import type { RequestContext } from './platform/request-context.ts';
import type { PolicyInput } from './policy/policy.ts';
import { createRequestHandler } from './request/handle-request.ts';
import type { EdgeHandlers } from './request/handlers/create-handlers.ts';
import { createRouter } from './routing/router.ts';
import { warmUp } from './warmup/warm-up.ts';

export * from './exports.ts';

/** A service beside other code. */
export interface Claimcache {
  /** Answers a request by the policy. Never rejects: an error is an answer. */
  fetch(event: FetchEvent): Promise<Response>;
  /**
   * Whether the policy names a request: a route of it (other than the fallback), an editor's path, a handler, an operator's path, or
   * what an origin might take for one of these. What it says no to may be answered without claimcache.
   */
  match(request: Request): boolean;
}

/**
 * Serves every request of this service by a policy: it registers the listener for `fetch` events, and lets one sandbox serve many
 * requests.
 *
 * @param policy - The default export of the policy file that the build preset names.
 * @param handlers - Routes of your own, before the lanes.
 * @throws {TypeError} where the service was built without the preset of `claimcache/webpack`.
 *
 * @example
 * import { serve } from 'claimcache';
 * import handlers from './handlers.ts';
 * import policy from './policy.ts';
 *
 * serve(policy, handlers);
 */
export function serve(policy: PolicyInput | CompiledPolicy, handlers?: EdgeHandlers): void {
  const claimcache = createClaimcache(policy, handlers);
  reuseSandbox(compiledPolicy(policy).policy.limits);
  addEventListener('fetch', (event) => event.respondWith(claimcache.fetch(event)));
}

/**
 * For a service that has a listener of its own, and wants some paths cached. Call it once, outside of the listener: what it
 * makes there is in the image, and no request waits for it.
 *
 * @param policy - The default export of the policy file that the build preset names.
 * @param handlers - Routes of your own, before the lanes.
 * @throws {TypeError} where the service was built without the preset of `claimcache/webpack`.
 *
 * @example
 * const claimcache = createClaimcache(policy);
 *
 * addEventListener('fetch', (event) => {
 *   event.respondWith(claimcache.match(event.request) ? claimcache.fetch(event) : ownAnswer(event));
 * });
 */
export function createClaimcache(policy: PolicyInput | CompiledPolicy, handlers?: EdgeHandlers): Claimcache {
  const { policy: compiled, matchers, build } = compiledPolicy(policy);
  const router = createRouter(compiled, matchers);
  const app = createRequestHandler(compiled, router, createPlatform(), handlers, build);
  void warmUp(compiled, router);

  function isSpokenOf(path: string, host: string): boolean {
    try {
      const { route, also, isCmsPath, isLookalike } = router.resolve(path, host);
      return route.name !== compiled.fallback.name || also.length > 0 || isCmsPath || isLookalike;
    } catch {
      // It is refused: a path with more readings than an honest one has.
      return true;
    }
  }

  return {
    fetch: (event) => app(contextOf(event)),
    match({ method, url, headers }) {
      const path = normalPath(splitTarget(url).path);
      return (
        // Whoever resolves dot segments could come out at any path.
        isResolved(path) ||
        path.startsWith(OPERATOR_PREFIX) ||
        (handlers?.match(method, path).length ?? 0) > 0 ||
        isSpokenOf(path, (headers.get('host') ?? authorityOf(url)).toLowerCase())
      );
    },
  };
}

function contextOf(event: FetchEvent): RequestContext {
  // It counts for as long as the sandbox lives.
  const vcpuBeforeMs = vCpuTime();
  return {
    request: event.request,
    requestId: crypto.randomUUID(),
    clientAddress: event.client.address,
    waitUntil: (work) => event.waitUntil(work),
    vcpuMs: () => vCpuTime() - vcpuBeforeMs,
  };
}
