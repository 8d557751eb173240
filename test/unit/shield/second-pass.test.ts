import { beforeEach, describe, expect, it } from 'vitest';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { createRequestHandler } from '../../../src/request/handle-request.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryCache } from '../../../src/testing/memory-cache.ts';
import { type HttpCacheDouble, httpCacheDouble } from '../support/http-cache-double.ts';

const policy = compilePolicy({
  origins: { app: { backend: 'origin', shield: { site: 'pdx-or-us' } } },
  providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
  scopes: { user: { claims: 'sub' } },
  routes: {
    orders: { path: '/api/orders', scope: 'user', limitBadTokens: true },
    graphql: { path: '/graphql', lane: 'public', graphql: true },
  },
  badTokenLimit: { count: 3 },
  passLimit: { count: 2, blockMinutes: 3 },
  clientAddress: { headers: ['x-real-ip'] },
});

interface Place {
  readonly http: HttpCacheDouble;
  readonly lines: LogRecord[];
  readonly sent: OriginRequest[];
  readonly purged: string[];
  counted: number;
  ask(path: string, init?: RequestInit, client?: string): Promise<Response>;
}

let nowMs: number;
let origin: (request: OriginRequest) => Response | Promise<Response>;
let key: string | null;
let edge: Place;
let shield: Place;
/** What lies between both: the second pass, unless a test puts something else there. */
let between: (request: OriginRequest) => Promise<Response>;

beforeEach(() => {
  nowMs = 1_700_000_000_000;
  key = 'key-of-both-passes';
  origin = () => new Response('page', { headers: { 'cache-control': 'max-age=60', 'content-length': '4' } });
  shield = place(null, false);
  edge = place('to-the-shield', false);
  between = (request) => deliver(shield, request);
});

/** A request as it arrives at the other end of a backend. */
function deliver(to: Place, { url, method, headers, body }: OriginRequest): Promise<Response> {
  const init = { method, headers: [...headers], ...(body === null ? {} : { body, duplex: 'half' }) };
  return to.ask(url.replace('http://www.test', ''), init as RequestInit, 'address-of-the-edge');
}

/** One place of the service; `toShield`: the backend that leads to the shield, null: it is the shield. */
function place(toShield: string | null, readthrough: boolean): Place {
  const fetchOrigin = async (request: OriginRequest) => {
    here.sent.push(request);
    return request.backend === 'to-the-shield' ? between(request) : origin(request);
  };
  const http = httpCacheDouble();
  http.origin = async (request) => {
    const { status, headers, body } = await fetchOrigin(request);
    return { status, headers: [...headers], body: await new Response(body).text() };
  };
  const platform: Platform = {
    nowMs: () => nowMs,
    fetchOrigin,
    respond: (status, headers, body) =>
      new Response(body as BodyInit | null, { status, headers: [...headers] }),
    coreCache: memoryCache({ nowMs: 0 }).port,
    httpCache: readthrough ? http.port : null,
    cutOff: () => {},
    handOff: () => new Response(null, { status: 204 }),
    hasHttpCache: () => readthrough,
    hasLocalCache: () => false,
    secret: async (_, item) => (item === 'shield_key' ? key : 'a-secret-of-thirty-two-bytes-at-least'),
    config: () => () => null,
    readKv: async () => null,
    writeKv: async () => {},
    limiter: ({ count }) => ({
      isBlocked: () => false,
      count: () => ++here.counted > count,
    }),
    country: () => null,
    device: () => null,
    shieldSite: () => toShield,
    hostOverride: () => null,
    backendHealth: () => 'unknown',
    purge: (surrogateKey) => void here.purged.push(surrogateKey),
    log: (_, line) => void here.lines.push(JSON.parse(line)),
  };
  const app = createRequestHandler(policy, routerOf(policy), platform);
  const here: Place = {
    http,
    lines: [],
    sent: [],
    purged: [],
    counted: 0,
    ask: (path, init = {}, client = '192.0.2.7') =>
      app({
        request: new Request(`http://www.test${path}`, init),
        requestId: toShield === null ? 'id-of-the-shield' : 'id-of-the-edge',
        clientAddress: client,
        waitUntil: () => {},
        vcpuMs: () => null,
      }),
  };
  return here;
}

describe.each([
  ['core', false],
  ['readthrough', true],
])('through a shield, on the %s engine', (_name, readthrough) => {
  beforeEach(() => {
    edge = place('to-the-shield', readthrough);
  });

  it('a miss is one request of the origin, by the second pass, which says whose it is', async () => {
    const answer = await edge.ask('/page');
    expect([answer.status, answer.headers.get('x-cache'), await answer.text()]).toEqual([
      200,
      'MISS',
      'page',
    ]);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('x-claimcache'))).toEqual([]);
    expect(edge.sent.map(({ backend }) => backend)).toEqual(['to-the-shield']);
    expect(shield.sent.map(({ backend }) => backend)).toEqual(['origin']);
    expect(edge.lines).toMatchObject([{ tier: 'edge', shield: 'MISS', state: 'MISS' }]);
    expect(shield.lines).toMatchObject([
      { tier: 'shield', shield: null, state: 'MISS', requestId: 'id-of-the-edge', lane: 'public' },
    ]);
    expect((await edge.ask('/page')).headers.get('x-cache')).toBe('HIT');
    expect([edge.sent.length, shield.sent.length]).toEqual([1, 1]);
  });

  it('the shield stores under the very key of the edge', async () => {
    await edge.ask('/page?b=2&a=1');
    const other = place('to-the-shield', readthrough);
    const answer = await other.ask('/page?a=1&b=2');
    expect(answer.headers.get('x-cache')).toBe('MISS');
    expect(other.lines).toMatchObject([{ shield: 'HIT' }]);
    expect(shield.sent.length).toBe(1);
  });

  it('what is no second pass of ours is left out of the way, and its answer is not believed', async () => {
    for (const foreign of [
      new Response('login page of somebody', { headers: { 'cache-control': 'max-age=600' } }),
      new Response('', {
        headers: { 'x-claimcache-shield-state': 'ERROR', 'x-claimcache-shield-code': 'ERR_SHIELD_REFUSED' },
      }),
    ]) {
      between = async () => foreign.clone();
      edge = place('to-the-shield', readthrough);
      const answer = await edge.ask('/page');
      expect([answer.status, await answer.text()]).toEqual([200, 'page']);
      expect(edge.sent.map(({ backend }) => backend)).toEqual(['to-the-shield', 'origin']);
      expect(edge.lines).toMatchObject([{ shield: 'refused' }]);
    }
  });

  it('a shield that cannot be reached is left out of the way', async () => {
    between = () => Promise.reject(new Error('connection refused'));
    const answer = await edge.ask('/page');
    expect([answer.status, await answer.text()]).toEqual([200, 'page']);
    expect(edge.lines).toMatchObject([{ shield: 'unreachable' }]);
  });

  it('a failure of the origin is that failure at the edge', async () => {
    origin = () => Promise.reject(new Error('connection refused'));
    expect((await edge.ask('/page')).status).toBe(502);
    expect(edge.lines).toMatchObject([{ code: 'ERR_ORIGIN_UNREACHABLE', shield: 'failed' }]);
    origin = () => Promise.reject(new Error('timed out'));
    expect((await edge.ask('/other')).status).toBe(504);
  });

  it('without a key of its own the edge asks the origin, and the shield believes nobody', async () => {
    await edge.ask('/page');
    const [{ headers }] = edge.sent as [OriginRequest];
    key = null;
    const answer = await shield.ask('/page', { headers: [...headers] });
    expect(answer.status).toBe(403);
    expect((await edge.ask('/other')).status).toBe(200);
    expect(edge.lines.at(-1)).toMatchObject({ shield: 'no-key' });
  });
});

describe('through a shield, where the platform’s cache is in the way of the seal', () => {
  const cacheControl = (value: string) => {
    origin = () =>
      new Response('page', { headers: { 'cache-control': value, 'content-length': '4', etag: '"a"' } });
  };
  beforeEach(() => {
    edge = place('to-the-shield', true);
  });

  it('past a marker, where no hook could seal, the request is sealed all the same', async () => {
    cacheControl('no-store');
    await edge.ask('/page');
    shield.lines.length = 0;
    const answer = await edge.ask('/page');
    expect([answer.status, answer.headers.get('x-cache'), await answer.text()]).toEqual([
      200,
      'MISS',
      'page',
    ]);
    expect(shield.lines.at(-1)).toMatchObject({ tier: 'shield', lane: 'public' });
  });

  it('a shield that is none of ours gives no stale copy its turn: the origin is asked', async () => {
    cacheControl('max-age=60, stale-if-error=600');
    await edge.ask('/page');
    edge.http.clockMs += 61_000;
    between = async () => new Response('login page of somebody');
    const answer = await edge.ask('/page');
    expect([answer.headers.get('x-cache'), await answer.text()]).toEqual(['MISS', 'page']);
    expect(edge.sent.map(({ backend }) => backend)).toEqual(['to-the-shield', 'to-the-shield', 'origin']);
  });
});

it('a long body that loses its length on the way is stored at the edge all the same', async () => {
  const headers = {
    'cache-control': 'max-age=60',
    'content-length': '1500000',
    'content-type': 'application/octet-stream',
  };
  origin = () => new Response(new Uint8Array(1_500_000), { headers });
  between = async (request) => {
    const { status, headers: fields, body } = await deliver(shield, request);
    const left = [...fields].filter(([name]) => name !== 'content-length');
    return new Response(body, { status, headers: left });
  };
  const first = await edge.ask('/file');
  expect((await first.arrayBuffer()).byteLength).toBe(1_500_000);
  expect([...first.headers.keys()].filter((name) => name.includes('shield'))).toEqual([]);
  const hit = await edge.ask('/file');
  expect([hit.headers.get('x-cache'), (await hit.arrayBuffer()).byteLength]).toEqual(['HIT', 1_500_000]);
});

describe('a GraphQL endpoint behind a shield', () => {
  const post = (query: string, headers: Record<string, string> = {}) => {
    const body = JSON.stringify({ query });
    const length = String(body.length);
    return edge.ask('/graphql', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'content-length': length, ...headers },
    });
  };
  beforeEach(() => {
    origin = () =>
      new Response('{"data":{"a":1}}', {
        headers: { 'cache-control': 'max-age=60', 'content-type': 'application/json' },
      });
  });

  it('a query is cached at the edge, which asks the origin itself', async () => {
    const states = [await post('{ a }'), await post('{a}')].map(({ headers }) => headers.get('x-cache'));
    expect(states).toEqual(['MISS', 'HIT']);
    expect(edge.sent.map(({ backend, method }) => [backend, method])).toEqual([['origin', 'POST']]);
    expect(shield.lines).toEqual([]);
  });

  it('a query that passes, and a mutation of nobody, empty nothing, here or there', async () => {
    await post('{ a }', { authorization: 'Basic eDp5' });
    expect([edge.purged, shield.purged]).toEqual([[], []]);
    await post('mutation { a }');
    expect([edge.purged, shield.purged]).toEqual([[], []]);
  });
});

describe('what each pass does', () => {
  const token = () => {
    // A signature is not needed where the point is that nobody looks at it.
    return 'Bearer not.a.token';
  };

  it('a request that the edge refuses reaches no shield, and a bad token is counted once', async () => {
    expect((await edge.ask('/api/orders', { headers: { authorization: token() } })).status).toBe(401);
    expect([edge.counted, shield.counted, shield.lines.length]).toEqual([1, 0, 0]);
  });

  it('a pass is counted once, by the address of the client, which the origin gets too', async () => {
    await edge.ask('/page', { headers: { authorization: 'Basic eDp5' } });
    expect([edge.counted, shield.counted]).toEqual([1, 0]);
    expect(shield.sent[0]?.headers.get('x-real-ip')).toBe('192.0.2.7');
    await edge.ask('/page', { headers: { authorization: 'Basic eDp5' } });
    const limited = await edge.ask('/page', { headers: { authorization: 'Basic eDp5' } });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '180']);
    expect(limited.headers.get('content-type')).toBe('application/problem+json');
    expect(edge.lines.at(-1)).toMatchObject({ lane: 'reject', code: 'ERR_RATE_LIMITED' });
    expect(shield.sent.length).toBe(2);
    // Whoever is served from the cache is not held up.
    expect((await edge.ask('/page')).status).toBe(200);
  });

  it('a write is purged once, at the shield, unless it is not known to have got there', async () => {
    const write = { method: 'POST', body: 'x', headers: { 'content-length': '1' } };
    origin = () => new Response(null, { status: 204 });
    expect((await edge.ask('/page', write)).status).toBe(204);
    expect([edge.purged, shield.purged]).toEqual([[], ['url:www.test/page']]);
    expect([edge.lines[0]?.purged, shield.lines[0]?.purged]).toEqual([0, 1]);
  });

  it('a write that is sent once more is refused, a read is not', async () => {
    origin = () => new Response(null, { status: 204 });
    const captured: OriginRequest[] = [];
    between = (request) => {
      captured.push(request);
      return deliver(shield, { ...request, body: null });
    };
    await edge.ask('/page', { method: 'DELETE' });
    await edge.ask('/page', { headers: { authorization: 'Basic eDp5' } });
    const [write, read] = captured as [OriginRequest, OriginRequest];
    expect((await deliver(shield, write)).status).toBe(403);
    expect((await deliver(shield, read)).status).toBe(204);
    expect(shield.sent.map(({ method }) => method)).toEqual(['DELETE', 'GET', 'GET']);
  });

  it('a seal holds for its own target, method, host, policy and half a minute', async () => {
    await edge.ask('/page');
    const [{ headers }] = edge.sent as [OriginRequest];
    const replay = (path: string, init: RequestInit = {}) =>
      shield.ask(path, {
        ...init,
        headers: [...headers, ...Object.entries((init.headers ?? {}) as Record<string, string>)],
      });
    for (const answer of [
      await replay('/other'),
      await replay('/page?x=1'),
      await replay('/page', { method: 'DELETE' }),
    ]) {
      expect([answer.status, answer.headers.get('x-claimcache-shield-code')]).toEqual([
        403,
        'ERR_SHIELD_REFUSED',
      ]);
    }
    expect((await replay('/page')).status).toBe(200);
    nowMs += 30_001;
    expect((await replay('/page')).status).toBe(403);
    expect(shield.lines.map(({ cause }) => cause)).toEqual([
      null,
      'Error: sealed request: target',
      'Error: sealed request: target',
      'Error: sealed request: target',
      null,
      'Error: sealed request: expired',
    ]);
  });

  it('nothing of the request travels beside the seal', async () => {
    await edge.ask('/page?q=SECRET', {
      headers: { authorization: 'Basic SECRET', cookie: 'a=SECRET', 'x-odd': 'SECRET' },
    });
    const [{ headers }] = edge.sent as [OriginRequest];
    expect([...headers.keys()].sort()).toEqual(['host', 'x-claimcache-shield']);
    expect(headers.get('x-claimcache-shield')).not.toContain('SECRET');
    expect(shield.sent[0]?.headers.get('x-odd')).toBe('SECRET');
    expect(shield.sent[0]?.headers.has('x-claimcache-shield')).toBe(false);
  });
});
