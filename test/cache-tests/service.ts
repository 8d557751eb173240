import source from 'test-policy';
import { compiledPolicy } from '../../src/compiled-policy.ts';
import { createPlatform } from '../../src/fastly/create-platform.ts';
import { HeaderFields } from '../../src/http/header-fields.ts';
import type { OriginRequest } from '../../src/platform/origin-request.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { createRequestHandler } from '../../src/request/handle-request.ts';
import { createRouter } from '../../src/routing/router.ts';

// The service, but for one thing. The suite's origin answers by the number of the request, which the client sends in a
// header. The service does not let it through, as no header that is not part of the key: here it is put back, after
// everything was decided.
const NAMES = ['req-num', 'test-id'];
const { policy, matchers } = compiledPolicy(source);
const router = createRouter(policy, matchers);

addEventListener('fetch', (event) => {
  const platform = createPlatform();
  const numbered = (request: OriginRequest): OriginRequest => {
    const headers = new HeaderFields(request.headers);
    for (const name of NAMES) {
      const value = event.request.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return { ...request, headers };
  };
  const { httpCache } = platform;
  const app = createRequestHandler(policy, router, {
    ...platform,
    fetchOrigin: (request) => platform.fetchOrigin(numbered(request)),
    httpCache: httpCache && {
      fetch: (request, cacheKey, hooks) => httpCache.fetch(numbered(request), cacheKey, hooks),
    },
  } satisfies Platform);
  event.respondWith(
    app({
      request: event.request,
      requestId: crypto.randomUUID(),
      clientAddress: event.client.address,
      waitUntil: (work) => event.waitUntil(work),
      vcpuMs: () => null,
    }),
  );
});
