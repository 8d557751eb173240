import { randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Explanation } from '../explain/explanation.ts';
import { compilePolicy } from '../policy/compile.ts';
import type { PolicyInput } from '../policy/input.ts';
import { createRequestHandler } from '../request/handle-request.ts';
import type { EdgeHandlers } from '../request/handlers/create-handlers.ts';
import type { LogRecord } from '../request/log-record.ts';
import { routerOf } from '../router/matchers.ts';
import type { Platform } from '../types/platform.ts';
import { memoryCache } from './memory-cache.ts';
import { memoryPlatform } from './memory-platform.ts';
import { mint } from './mint.ts';
import { TEST_STORE, testKeys } from './test-keys.ts';

export interface TestEdgeOptions {
  /** The origin: what it answers to what the edge asks. */
  readonly origin: (request: Request) => Response | Promise<Response>;
  /** The clock at the beginning, in milliseconds since 1970. Default: now. It moves by `advance` alone. */
  readonly nowMs?: number;
  /** Routes of your own, before the lanes. */
  readonly handlers?: EdgeHandlers;
  /** Items of the Config Store: switches. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface TestRequest {
  /** Default: GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Claims of a token that the edge accepts: who asks. Without it nobody does. */
  readonly as?: JWTPayload;
  /** Who issues that token. Default: the first provider of the route's scope. */
  readonly provider?: string;
  /** For how long that token lives. Default 900; negative: it has expired. */
  readonly expiresInSeconds?: number;
}

/** What the edge would do with a request; nothing is asked, stored or purged. */
export interface TestPlan {
  readonly lane: Explanation['lane'];
  readonly reason: Explanation['reason'];
  readonly route: string | null;
  /** Of an answer that the edge gives by itself; null where the origin's goes out. */
  readonly status: number | null;
  readonly code: string | null;
  /** Two requests with the same digest share an entry; null where nothing is cached. */
  readonly keyDigest: string | null;
  readonly surrogateKeys: readonly string[];
  /** Purged after the origin has answered a write. */
  readonly purgesAfterWrite: readonly string[];
}

/** A service on Node: the engine itself, an origin of the test's, a cache in memory, a clock that stands still. */
export interface TestEdge {
  /** Sends a request, and waits until all that it began has ended. `X-Cache` of the response tells HIT, MISS, STALE or BYPASS. */
  fetch(target: string, request?: TestRequest): Promise<Response>;
  plan(target: string, request?: TestRequest): Promise<TestPlan>;
  /** Moves the clock. */
  advance(seconds: number): void;
  /** Purges by scope and values, as `claimcache purge user 42` does. */
  purge(scope: string, ...values: readonly (string | number | boolean)[]): Promise<void>;
  /** Everything that a route has stored. */
  purgeRoute(route: string): Promise<void>;
  /** What the origin was asked so far. */
  readonly originRequests: readonly Request[];
  /** A line for each request so far. */
  readonly logs: readonly LogRecord[];
}

const HOST = 'www.test';

/**
 * Runs the engine with a policy on Node, in milliseconds, without Viceroy: for tests of that policy.
 *
 * Each provider verifies with a key that the test holds, in the place of the one of production; everything else is the policy as it is.
 *
 * @throws {PolicyError} where the policy must not be deployed.
 *
 * @example
 * const edge = await testEdge(policy, { origin: (request) => new Response(request.headers.get('authorization')) });
 * const alice = { as: { sub: '42' } };
 * await edge.fetch('/api/orders', alice);
 * expect((await edge.fetch('/api/orders', alice)).headers.get('x-cache')).toBe('HIT');
 */
export async function testEdge(input: PolicyInput, options: TestEdgeOptions): Promise<TestEdge> {
  // As it is first: what replaces its keys must not hide what is wrong with them.
  const keys = await testKeys(input, compilePolicy(input));
  const policy = compilePolicy(keys.policy);
  const router = routerOf(policy);
  const clock = { nowMs: options.nowMs ?? Date.now() };
  const cache = memoryCache(clock);
  const operatorToken = randomBytes(32).toString('base64url');
  const fingerprintKey = randomBytes(32).toString('base64url');
  const originRequests: Request[] = [];
  const logs: LogRecord[] = [];
  const kv = new Map<string, string>();
  const platform: Platform = memoryPlatform({
    nowMs: () => clock.nowMs,
    async fetchOrigin({ url, method, headers, body }) {
      const request = new Request(url, {
        method,
        headers: [...headers],
        body: body as BodyInit | null,
        ...(body && { duplex: 'half' }),
      });
      originRequests.push(request.clone() as Request);
      return options.origin(request);
    },
    coreCache: cache.port,
    secret: async (store, item) =>
      store === TEST_STORE
        ? (keys.secrets.get(item) ?? null)
        : item === 'operator_token'
          ? operatorToken
          : fingerprintKey,
    config: () => (item) => options.config?.[item] ?? null,
    readKv: async (store, key) => kv.get(`${store} ${key}`) ?? null,
    writeKv: async (store, key, value) => void kv.set(`${store} ${key}`, value),
    purge: (key, soft) => cache.purge(key, soft),
    log: (_endpoint, line) => void logs.push(JSON.parse(line)),
  });
  const app = createRequestHandler(policy, router, platform, options.handlers);

  async function send(target: string, method: string, headers: Headers, body?: string): Promise<Response> {
    const works: Promise<unknown>[] = [];
    headers.set('host', headers.get('host') ?? HOST);
    const request = new Request(`https://${HOST}/`, { method, headers, body: body ?? null });
    const response = await app({
      // As it came: a `Request` of Node would normalise its URL.
      request: Object.defineProperty(request, 'url', { value: `https://${headers.get('host')}${target}` }),
      requestId: crypto.randomUUID(),
      clientAddress: '192.0.2.1',
      waitUntil: (work) => void works.push(work),
      vcpuMs: () => null,
    });
    const bytes = response.body === null ? null : await response.arrayBuffer();
    for (let done = 0; done < works.length; done++) await works[done];
    const { status } = response;
    return new Response(bytes, { status, headers: response.headers });
  }

  async function operate(path: string, order: unknown): Promise<Response> {
    const response = await send(
      path,
      'POST',
      new Headers({ authorization: `Bearer ${operatorToken}` }),
      JSON.stringify(order),
    );
    logs.pop();
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
    return response;
  }

  async function headersOf(target: string, { headers, as, ...request }: TestRequest): Promise<Headers> {
    const sent = new Headers(headers);
    if (as === undefined) return sent;
    const { scope } = router.match(target.split('?', 1)[0] ?? target);
    const provider =
      request.provider === undefined
        ? (scope?.providers[0] ?? policy.providers[0])
        : policy.providers.find(({ name }) => name === request.provider);
    const key = keys.signing.get(provider?.name ?? '');
    if (provider === undefined || key === undefined) {
      throw new TypeError(`The policy has no provider ${request.provider ?? 'at all'}.`);
    }
    const { expiresInSeconds = 900 } = request;
    const token = await mint(provider, key, as, { expiresInSeconds, nowMs: clock.nowMs });
    const [place] = provider.credentials;
    if (place?.kind === 'cookie' || place?.kind === 'cookiePattern') {
      const name = place.kind === 'cookie' ? place.name : place.glob.join('test');
      const cookies = [sent.get('cookie'), `${name}=${token}`].filter((text) => text !== null);
      sent.set('cookie', cookies.join('; '));
    } else {
      const { name, scheme } = place ?? { name: 'authorization', scheme: 'bearer' };
      sent.set(name, scheme === null ? token : `${scheme} ${token}`);
    }
    return sent;
  }

  return {
    originRequests,
    logs,
    async fetch(target, request = {}) {
      return send(target, request.method ?? 'GET', await headersOf(target, request), request.body);
    },
    async plan(target, request = {}) {
      const headers = Object.fromEntries(await headersOf(target, request));
      const { method = 'GET', body } = request;
      const order = { path: target, method, headers: { host: HOST, ...headers }, body, showValues: true };
      const explanation = (await (await operate('/.edge/explain', order)).json()) as Explanation;
      const { lane, reason, route, status, code, key, surrogateKeys, purgesAfterWrite } = explanation;
      return {
        ...{ lane, reason, route, status, code, surrogateKeys, purgesAfterWrite },
        keyDigest: key?.entry ?? null,
      };
    },
    advance(seconds) {
      clock.nowMs += seconds * 1000;
    },
    async purge(scope, ...values) {
      await operate('/.edge/purge', { scope, values });
    },
    async purgeRoute(route) {
      await operate('/.edge/purge', { route });
    },
  };
}
