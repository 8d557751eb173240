import { beforeEach, describe, expect, it } from 'vitest';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { createRequestHandler } from '../../../src/request/handle-request.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryCache } from '../../../src/testing/memory-cache.ts';

const policy = compilePolicy({
  origins: { app: { backend: 'origin' } },
  providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
  scopes: { user: { claims: 'sub' } },
  routes: { orders: { path: '/api/orders', scope: 'user', limitBadTokens: true } },
  badTokenLimit: { count: 3, blockMinutes: 2 },
});

let lines: LogRecord[];
let counted: number;
let changes: Partial<Platform>;

beforeEach(() => {
  lines = [];
  counted = 0;
  changes = {};
});

function get(path: string, headers: Record<string, string> = {}, of = policy): Promise<Response> {
  const platform: Platform = {
    nowMs: () => Date.now(),
    fetchOrigin: async () =>
      new Response('page', { headers: { 'cache-control': 'max-age=60', 'content-length': '4' } }),
    respond: (status, headers, body) => new Response(body as BodyInit, { status, headers: [...headers] }),
    coreCache: memoryCache({ nowMs: 0 }).port,
    httpCache: null,
    cutOff: () => {},
    handOff: () => new Response(null, { status: 204 }),
    hasHttpCache: () => false,
    hasLocalCache: () => false,
    secret: async () => 'a-secret-of-thirty-two-bytes-at-least',
    config: () => () => null,
    readKv: async () => null,
    writeKv: async () => {},
    limiter: () => ({ isBlocked: () => counted > 3, count: () => ++counted > 3 }),
    country: () => null,
    device: () => null,
    hostOverride: () => null,
    backendHealth: () => 'unknown',
    shieldSite: () => null,
    purge: () => {},
    log: (_, line) => void lines.push(JSON.parse(line)),
    ...changes,
  };
  const app = createRequestHandler(of, routerOf(of), platform);
  return app({
    request: new Request(`http://www.test${path}`, { headers }),
    requestId: 'request-1',
    clientAddress: '192.0.2.1',
    waitUntil: () => {},
    vcpuMs: () => null,
  });
}

describe('the app', () => {
  it('a client with too many bad tokens gets 429 and when to come again', async () => {
    const bad = { authorization: 'Bearer not.a.token' };
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await get('/api/orders', bad)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    const limited = await get('/api/orders', bad);
    expect(limited.headers.get('retry-after')).toBe('120');
    expect(lines.at(-1)).toMatchObject({ code: 'ERR_RATE_LIMITED', lane: 'reject' });
    // Nobody else is held up, nor whoever sends no token.
    expect((await get('/api/orders')).status).toBe(401);
    expect((await get('/other')).status).toBe(200);
  });

  it('a key set on a locked origin is asked for with its secret, which no client gets to see', async () => {
    const locked = compilePolicy({
      origins: { app: { backend: 'origin', lock: { header: 'x-lock', item: 'lock' } } },
      providers: {
        app: { algorithms: ['RS256'], keys: { jwksUrl: 'https://app.test/jwks', backend: 'origin' } },
      },
      scopes: { user: { claims: 'sub' } },
      routes: { orders: { path: '/api/orders', scope: 'user' } },
    });
    const asked: (readonly [string, string | null])[] = [];
    changes = {
      fetchOrigin: async ({ url, headers }) => {
        asked.push([url, headers.get('x-lock')]);
        return new Response('{"keys":[]}', { headers: { 'x-lock': headers.get('x-lock') ?? '' } });
      },
    };
    const token = `${btoa('{"alg":"RS256"}')}.${btoa('{"sub":"a","exp":9999999999}')}.${'A'.repeat(342)}`;
    const authorization = `Bearer ${token.replaceAll('=', '')}`;
    await get('/api/orders', { authorization }, locked);
    const page = await get('/page', {}, locked);
    const secret = 'a-secret-of-thirty-two-bytes-at-least';
    expect(asked).toEqual([
      ['https://app.test/jwks', secret],
      ['http://www.test/page', secret],
    ]);
    expect(page.status).toBe(200);
    expect(page.headers.has('x-lock')).toBe(false);
  });

  it('without any cache everything passes, and the log says so', async () => {
    changes = { coreCache: null };
    expect((await get('/other')).headers.get('x-cache')).toBe('BYPASS');
    expect(lines).toMatchObject([{ lane: 'pass', reason: 'no-engine', engine: 'none' }]);
  });

  it('a log endpoint that is not there does not cost the answer', async () => {
    changes = {
      log: () => {
        throw new Error('no such endpoint');
      },
    };
    expect((await get('/other')).status).toBe(200);
  });

  it('a Secret Store that is down is a 503, and the cause stays in the log', async () => {
    changes = { secret: () => Promise.reject(new Error('store down: secret detail')) };
    const token = `${btoa('{"alg":"HS256"}').replace(/=+$/, '')}.${btoa('{"sub":"a","exp":9999999999}').replace(/=+$/, '')}.${'A'.repeat(43)}`;
    const answer = await get('/api/orders', { authorization: `Bearer ${token}` });
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('detail');
    expect(lines).toMatchObject([{ code: 'ERR_KEYS_UNAVAILABLE' }]);
  });

  it('anything unexpected is a 500 that says nothing', async () => {
    changes = {
      config: () => {
        throw new TypeError('secret detail');
      },
    };
    const answer = await get('/other');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('detail');
    expect(lines).toMatchObject([{ code: 'ERR_INTERNAL', cause: 'TypeError: secret detail' }]);
  });
});
