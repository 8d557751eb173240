import { createServer } from 'node:http';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { createRequestHandler } from '../../../src/request/handle-request.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryCache } from '../../../src/testing/memory-cache.ts';
import { closed, listen } from './fastly-api.ts';
import type { Fault, Reply } from './faults.ts';

export interface NodeEdge {
  readonly url: string;
  stop(): Promise<void>;
}

/** The service's own code on Node, before a real origin, and in front of it something that breaks a promise: a reverse proxy, say. */
export async function startNodeEdge(
  input: PolicyInput,
  originUrl: string,
  secrets: Readonly<Record<string, string>>,
  fault: Fault,
): Promise<NodeEdge> {
  const policy = compilePolicy(input);
  const cache = memoryCache({ nowMs: 0 });
  const platform: Platform = {
    nowMs: () => Date.now(),
    fetchOrigin: ({ url, method, headers }) => {
      const { pathname, search } = new URL(url);
      return fetch(`${originUrl}${pathname}${search}`, { method, headers: [...headers], redirect: 'manual' });
    },
    respond: (status, headers, body) => new Response(body as BodyInit, { status, headers: [...headers] }),
    coreCache: cache.port,
    httpCache: null,
    cutOff: () => {},
    handOff: () => new Response(null, { status: 204 }),
    hasHttpCache: () => false,
    hasLocalCache: () => false,
    secret: async (_store, item) => secrets[item] ?? null,
    config: () => (item) => secrets[item] ?? null,
    readKv: async () => null,
    writeKv: async () => {},
    limiter: () => ({ isBlocked: () => false, count: () => false }),
    country: () => null,
    device: () => null,
    shieldSite: () => null,
    hostOverride: () => null,
    backendHealth: () => 'unknown',
    purge: (key, soft) => cache.purge(key, soft),
    log: () => {},
  };
  const app = createRequestHandler(policy, routerOf(policy), platform);

  async function honest(method: string, target: string, headers: Record<string, string>): Promise<Reply> {
    const response = await app({
      request: new Request(`http://${headers.host}${target}`, { method, headers }),
      requestId: 'request',
      clientAddress: '127.0.0.1',
      waitUntil: () => {},
      vcpuMs: () => null,
    });
    const setCookies = response.headers.getSetCookie();
    const fields = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'));
    return {
      status: response.status,
      headers: setCookies.length === 0 ? fields : { ...fields, 'set-cookie': setCookies },
      body: Buffer.from(await response.arrayBuffer()),
    };
  }

  const server = createServer(async (request, response) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const { method = 'GET', url = '/' } = request;
    try {
      const reply = await fault({ method, target: url, headers }, (changes = {}) =>
        honest(method, changes.target ?? url, { ...headers, ...changes.headers }),
      );
      response.writeHead(reply.status, reply.headers);
      response.end(method === 'HEAD' ? undefined : reply.body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  return { url: await listen(server), stop: () => closed(server) };
}
