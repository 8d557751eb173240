import { vCpuTime } from 'fastly:compute';
import source from 'test-policy';
import { compiledPolicy } from '../../src/compiled-policy.ts';
import { createPlatform } from '../../src/fastly/create-platform.ts';
import { reuseSandbox } from '../../src/fastly/sandbox.ts';
import { createRequestHandler } from '../../src/request/handle-request.ts';
import { createRouter } from '../../src/routing/router.ts';
import { warmUp } from '../../src/warmup/warm-up.ts';

// The whole service is in memory, and what is asked for is hello world: what it costs to have it there.
const { policy, matchers } = compiledPolicy(source);
const router = createRouter(policy, matchers);
const app = createRequestHandler(policy, router, createPlatform());
void warmUp(policy, router);
reuseSandbox(policy.limits);

addEventListener('fetch', (event) => {
  const { request } = event;
  if (!request.url.endsWith('/app')) return event.respondWith(new Response('hello'));
  const waitUntil = (work: Promise<unknown>) => event.waitUntil(work);
  event.respondWith(app({ request, requestId: '', clientAddress: null, waitUntil, vcpuMs: vCpuTime }));
});
