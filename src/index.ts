import { vCpuTime } from 'fastly:compute';
import { setReusableSandboxOptions } from 'fastly:experimental';
import { createApp } from './app/app.ts';
import policy from './compiled-policy.ts';
import handlers from './handlers.ts';
import { createPlatform } from './platform/platform.ts';
import { rehearse } from './rehearsal/rehearse.ts';
import { createRouter } from './router/router.ts';
import type { RequestContext } from './types.ts';

// While the service is being built: the matchers are made, once, into the image.
const router = createRouter(policy);
void rehearse(policy);

/**
 * One sandbox serves many requests, one after the other: what was compiled, imported and verified is there for the next.
 * Bounded, so that memory is too, and a rotated secret is never far from being read anew.
 */
setReusableSandboxOptions({ maxRequests: 1000, betweenRequestTimeoutMs: 5000, maxMemoryMiB: 96 });

/** Made at the first request, because no store or cache exists before; then kept for as long as the sandbox. */
let app: ReturnType<typeof createApp> | undefined;

addEventListener('fetch', (event) => {
  app ??= createApp(policy, router, createPlatform(), handlers);
  event.respondWith(app(contextOf(event)));
});

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
