import { randomBytes } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { ScopeValue } from '../policy/claims/claim-path.ts';
import { compilePolicy } from '../policy/compile.ts';
import type { PolicyInput } from '../policy/policy.ts';
import type { EdgeHandlers } from '../request/handlers/create-handlers.ts';
import type { LogRecord } from '../request/log-record.ts';
import { routerOf } from '../routing/matchers.ts';
import { createMemoryService } from './memory-service.ts';
import { withToken } from './test-credential.ts';
import { TEST_STORE, testKeys } from './test-keys.ts';
import { createTestOrigin, type TestOrigin } from './test-origin.ts';
import { PLAN_PATH, planOf, planOrder, type TestPlan } from './test-plan.ts';
import { createTestSessions } from './test-sessions.ts';

export interface TestEdgeOptions {
  /**
   * What answers for every backend: a function, or the URL of an application that runs, such as `http://127.0.0.1:3000`. A function
   * that throws is an origin that cannot be reached.
   */
  readonly origin: TestOrigin;
  /** The clock at the beginning, a `Date` or milliseconds since 1970. Default: now. It moves by `advance` alone. */
  readonly now?: Date | number;
  /** Routes of your own, before the lanes. */
  readonly handlers?: EdgeHandlers;
  /** Items of the Config Store: switches. */
  readonly config?: Readonly<Record<string, string>>;
  /** Items of the Secret Store that the test has to know, such as that of a `lock`. What is not named is random. */
  readonly secrets?: Readonly<Record<string, string>>;
}

export interface TestRequest {
  /** Default: GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * Claims of a token that the edge accepts: who asks. Without it nobody does. Of a provider with `session` or `introspection` these are
   * what its endpoint answers about them; about anybody else the test's own origin is asked.
   */
  readonly as?: JWTPayload;
  /** Who issues that token. Default: the first provider of the route's scope. */
  readonly provider?: string;
  /** For how long that token lives. Default 900, and of a session none; negative: it has expired. */
  readonly expiresInSeconds?: number;
}

/** A service on Node: the engine itself, an origin of the test's, a cache in memory, a clock that stands still. */
export interface TestEdge {
  /** Sends a request, and waits until all that it began has ended. `X-Cache` of the response tells HIT, MISS, STALE or BYPASS. */
  fetch(target: string, request?: TestRequest): Promise<Response>;
  plan(target: string, request?: TestRequest): Promise<TestPlan>;
  /** Moves the clock. */
  advance(seconds: number): void;
  /** Purges by scope and values, as `claimcache purge user 42` does. A set is a list of its members. */
  purge(scope: string, ...values: readonly ScopeValue[]): Promise<void>;
  /** Purges by surrogate keys, as a back end does. */
  purgeKeys(...keys: readonly string[]): Promise<void>;
  /** Everything that a route has stored. */
  purgeRoute(route: string): Promise<void>;
  /** What the origin was asked so far. */
  readonly originRequests: readonly Request[];
  /** A line for each request so far. */
  readonly logs: readonly LogRecord[];
}

/** Where the policy names no hosts. */
const ANY_HOST = 'www.test';
/** Of the documentation (RFC 5737): nobody's. */
const CLIENT_ADDRESS = '192.0.2.1';

/**
 * Runs the engine with a policy on Node, in milliseconds, without Viceroy: for tests of that policy.
 *
 * Each provider verifies with a key that the test holds, in the place of the one of production, and is told who a session is; everything else is the policy as it is.
 *
 * @throws {PolicyError} where the policy is not valid.
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
  const clock = { nowMs: Number(options.now ?? Date.now()) };
  const nowMs = () => clock.nowMs;
  const [host = ANY_HOST] = policy.hosts;
  const operatorToken = randomBytes(32).toString('base64url');
  const otherSecrets = randomBytes(32).toString('base64url');
  const { fetchOrigin: atOrigin, requests: originRequests } = createTestOrigin(options.origin);
  const sessions = createTestSessions(policy, atOrigin, nowMs);
  const { fetchOrigin } = sessions;
  const logs: LogRecord[] = [];
  const serve = createMemoryService({
    ...{ policy, router, nowMs, fetchOrigin },
    ...(options.handlers && { handlers: options.handlers }),
    ...(options.config && { config: options.config }),
    async secret(store, item) {
      if (store === TEST_STORE) return keys.secrets.get(item) ?? null;
      // The test's own: orders of `purge` and `plan` go the way of the operator's.
      if (item === 'operator_token') return operatorToken;
      return options.secrets?.[item] ?? otherSecrets;
    },
    log: (line) => void logs.push(JSON.parse(line)),
  });

  async function send(target: string, method: string, headers: Headers, body?: string): Promise<Response> {
    if (!target.startsWith('/')) throw new TypeError(`A path begins with /: ${target}`);
    if (!headers.has('host')) headers.set('host', host);
    if (body !== undefined) headers.set('content-length', String(Buffer.byteLength(body)));
    const request = { url: `https://${headers.get('host')}${target}`, method, headers, body: body ?? null };
    const { response, settled } = await serve(request, CLIENT_ADDRESS);
    const bytes = response.body === null ? null : await response.arrayBuffer();
    await settled();
    return new Response(bytes, { status: response.status, headers: response.headers });
  }

  async function operate(path: string, order: object): Promise<Response> {
    const headers = new Headers({ authorization: `Bearer ${operatorToken}` });
    const response = await send(path, 'POST', headers, JSON.stringify(order));
    logs.pop();
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
    return response;
  }

  async function asked(target: string, { headers, as, ...who }: TestRequest) {
    const sent = new Headers(headers);
    if (as === undefined) return { headers: sent, target };
    const asked = (sent.get('host') ?? host).toLowerCase();
    return withToken(
      sent,
      target,
      { as, ...who },
      { policy, router, host: asked, keys, sessions, nowMs: nowMs() },
    );
  }

  return {
    originRequests,
    logs,
    async fetch(path, request = {}) {
      const { target, headers } = await asked(path, request);
      return send(target, request.method ?? 'GET', headers, request.body);
    },
    async plan(path, request = {}) {
      const { target, headers } = await asked(path, request);
      if (!headers.has('host')) headers.set('host', host);
      const order = planOrder(target, request.method ?? 'GET', headers, request.body);
      return planOf(await (await operate(PLAN_PATH, order)).json());
    },
    advance(seconds) {
      clock.nowMs += seconds * 1000;
    },
    async purge(scope, ...values) {
      await operate('/.edge/purge', { scope, values });
    },
    async purgeKeys(...keys) {
      await operate('/.edge/purge', { keys });
    },
    async purgeRoute(route) {
      await operate('/.edge/purge', { route });
    },
  };
}
