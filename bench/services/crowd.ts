import source from 'test-policy';
import { compiledPolicy } from '../../src/compiled-policy.ts';
import { createPlatform } from '../../src/fastly/create-platform.ts';
import { reuseSandbox } from '../../src/fastly/sandbox.ts';
import { createRequestHandler } from '../../src/request/handle-request.ts';
import { createRouter } from '../../src/routing/router.ts';
import { warmUp } from '../../src/warmup/warm-up.ts';
import { ORDERS, ORDERS_TTL } from '../growth/orders.ts';

// The service, and a door for a crowd: `POST /crowd` brings tokens, one a line, and each of their holders asks for the path of
// `?path=` as if over HTTP, but for the answer of the origin, which is made here. What lies in the cache then is what would lie there.
const { policy, matchers } = compiledPolicy(source);
const router = createRouter(policy, matchers);
const platform = createPlatform();
const app = createRequestHandler(policy, router, platform);
const crowded = createRequestHandler(policy, router, {
  ...platform,
  async fetchOrigin() {
    return new Response(ORDERS, {
      headers: {
        'content-type': 'application/json',
        'cache-control': `private, max-age=${ORDERS_TTL}`,
        'content-length': String(ORDERS.length),
      },
    });
  },
});

void warmUp(policy, router);
reuseSandbox(policy.limits);

addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  event.respondWith(
    pathname === '/crowd' ? crowd(request) : app(contextOf(request, (work) => event.waitUntil(work))),
  );
});

async function crowd(request: Request): Promise<Response> {
  const { searchParams, origin } = new URL(request.url);
  const counts: Record<string, number> = {};
  for (const token of (await request.text()).split('\n')) {
    const work: Promise<unknown>[] = [];
    const asked = new Request(new URL(searchParams.get('path') ?? '/', origin), {
      headers: { host: request.headers.get('host') ?? '', authorization: `Bearer ${token}` },
    });
    const answer = await crowded(contextOf(asked, (more) => work.push(more)));
    await answer.text();
    await Promise.all(work);
    const state = `${answer.status} ${answer.headers.get('x-cache')}`;
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return Response.json(counts);
}

function contextOf(request: Request, waitUntil: (work: Promise<unknown>) => void) {
  return { request, requestId: crypto.randomUUID(), clientAddress: null, waitUntil, vcpuMs: () => null };
}
