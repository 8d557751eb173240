import { vCpuTime } from 'fastly:compute';
import { createApp } from './app/app.ts';
import matchers from './compiled-matchers.ts';
import policy from './compiled-policy.ts';
import handlers from './handlers.ts';
import { createPlatform } from './platform/platform.ts';
import { reuseSandbox } from './platform/sandbox.ts';
import { rehearse } from './rehearsal/rehearse.ts';
import { createRouter } from './router/router.ts';
import type { RequestContext } from './types/platform.ts';

// All of this happens while the service is being built: what it makes is in the image, and no request waits for it.
const router = createRouter(policy, matchers);
const app = createApp(policy, router, createPlatform(), handlers);
void rehearse(policy, router);
reuseSandbox(policy.limits);

addEventListener('fetch', (event) => {
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
