import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createExplain } from '../../../src/explain/explain.ts';
import type { Explanation } from '../../../src/explain/explanation.ts';
import type { ExplainQuestion } from '../../../src/operator/explain-question.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { RateRule } from '../../../src/policy/rate-limits.ts';
import { createRequestHandler } from '../../../src/request/handle-request.ts';
import { createHandlers } from '../../../src/request/handlers/create-handlers.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';
import { createPlanner } from '../../../src/request/plan.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryCache } from '../../../src/testing/memory-cache.ts';
import { memoryPlatform, SECRET } from '../../../src/testing/memory-platform.ts';
import { POLICY } from '../support/pipeline.ts';
import { sign } from '../support/sign.ts';

const policy = compilePolicy({
  ...POLICY,
  routes: {
    ...POLICY.routes,
    limited: { path: '/limited', scope: 'user', limitBadTokens: true },
    own: { path: '/own', scope: 'own' },
    todos: {
      path: '/todos',
      scope: 'user',
      graphql: { fields: { todos: { types: ['Todo'], ttlSeconds: 60 } } },
    },
    revocable: { path: '/revocable', scope: 'user', revocation: true },
  },
  scopes: { ...POLICY.scopes, own: { claims: 'sub', assertedBy: 'x-user-id' } },
  cms: { ...POLICY.cms, query: ['preview'], headers: ['x-preview'] },
  forwardHeaders: ['traceparent', 'x-request-id'],
  badTokenLimit: { count: 3 },
  revocation: { scopes: ['user'] },
  cors: { origins: ['https://app.test'], credentials: true },
});
const router = routerOf(policy);

interface Asked extends Partial<Omit<ExplainQuestion, 'headers' | 'response'>> {
  readonly headers?: Record<string, string>;
  readonly response?: { status?: number; headers?: Record<string, string> };
}

function explainer(changes: Partial<Platform> = {}, handlers = createHandlers()) {
  const platform = memoryPlatform(changes);
  const { plan } = createPlanner(policy, router, platform);
  const engineOf = () => (platform.coreCache === null ? 'none' : 'core') as 'none' | 'core';
  const ownHandlers = (method: string, path: string) => handlers.match(method, path).length;
  const explain = createExplain({ policy, plan, platform, engineOf, ownHandlers });
  return (target: string, { headers = {}, response, ...more }: Asked = {}): Promise<Explanation> =>
    explain({
      method: 'GET',
      url: `https://www.test${target}`,
      headers: new Headers(headers),
      clientAddress: '192.0.2.1',
      body: null,
      showValues: false,
      response:
        response === undefined
          ? null
          : { status: response.status ?? 200, headers: new Headers(response.headers ?? {}) },
      ...more,
    });
}

let alice: string;
let asAlice: Record<string, string>;
beforeAll(async () => {
  alice = await sign({ sub: '42-alice', tenant: { id: 'acme-secret' }, role: 'member' });
  asAlice = { authorization: `Bearer ${alice}` };
});

it('whoever sends what an answer varies on, and the key does not have, is told that they pass', async () => {
  const response = { headers: { 'cache-control': 'max-age=60', vary: 'X-Inertia, Accept-Encoding' } };
  const [sends, without] = [
    await explainer()('/assets/a.css', { headers: { 'x-inertia': 'true' }, response }),
    await explainer()('/assets/a.css', { response }),
  ];
  expect(sends).toMatchObject({
    lane: 'pass',
    reason: 'vary-unkeyed',
    response: { stored: false, unkeyedVary: ['x-inertia'] },
  });
  expect(without).toMatchObject({ lane: 'public', response: { stored: true, unkeyedVary: ['x-inertia'] } });
});

describe('explain, of a GraphQL endpoint', () => {
  const post = (body: string | null, more: Asked = {}) =>
    explainer()('/todos', {
      method: 'POST',
      body,
      ...more,
      headers: { ...asAlice, 'content-type': 'application/json', ...more.headers },
    });

  it('tells of a POSTed query its lane, keys, engine, and what becomes of an answer', async () => {
    const response = { headers: { 'content-type': 'application/json' } };
    const told = await post('{"query":"{ todos { id } }"}', { response });
    expect(told).toMatchObject({ lane: 'scoped', reason: 'scope-verified', engine: 'core' });
    expect(told.response).toMatchObject({ stored: true, ttlSeconds: 60 });
    const spelt = await post('{"query":"{todos{id}}","variables":null}');
    expect(spelt.key?.entry).toBe(told.key?.entry);
    expect((await post('{"query":"{ todos { title } }"}')).key?.entry).not.toBe(told.key?.entry);
  });

  it.each([
    ['{"query":"mutation { a }"}', 'graphql-mutation', true],
    ['{"query":"subscription { a }"}', 'graphql-subscription', false],
    ['[]', 'graphql-batch', true],
    [null, 'graphql-unreadable', true],
  ])('%s: %s', async (body, reason, purges) => {
    const told = await post(body);
    expect(told).toMatchObject({ lane: 'pass', reason });
    expect(told.purgesAfterWrite.length > 0).toBe(purges);
  });

  it('a GET by its query', async () => {
    const query = encodeURIComponent('{ todos { id } }');
    expect(await explainer()(`/todos?query=${query}`, { headers: asAlice })).toMatchObject({
      lane: 'scoped',
    });
  });
});

describe('explain', () => {
  it('tells route, lane, identity, scope, key and surrogate keys of a scoped request', async () => {
    const told = await explainer()('/api/orders?utm_source=x&b=2&a=1', { headers: asAlice });
    expect(told).toMatchObject({
      lane: 'scoped',
      reason: 'scope-verified',
      status: null,
      code: null,
      route: 'orders',
      credential: {
        outcome: 'verified',
        asked: [
          {
            provider: 'app',
            credentialSource: 'header authorization (bearer)',
            algorithm: 'HS256',
            keyId: null,
          },
        ],
        verified: { provider: 'app', algorithm: 'HS256' },
      },
      scope: { name: 'user', shared: false },
      engine: 'core',
      origin: { name: 'app', backend: 'origin', target: '/api/orders?a=1&b=2' },
      response: null,
    });
    expect(told.key?.fingerprint).toMatch(/^[\w-]{22}$/);
    expect(told.key?.entry).toMatch(/^[\w-]{22}$/);
    expect(told.surrogateKeys).toEqual([
      'user:(masked)',
      'own:(masked)',
      'route:orders',
      'url:www.test/api/orders',
    ]);
  });

  it('says why each other route does not take the path', async () => {
    const { routes } = await explainer()('/api/orders/17', { headers: asAlice });
    const of = (name: string) => routes.find((route) => route.name === name);
    expect(of('order')).toMatchObject({ verdict: 'taken', path: '/api/orders/:id', kind: 'scoped' });
    expect(of('payment')?.why).toBe('segment 2 is "orders", not "payment"');
    expect(of('orders')?.why).toBe('the path goes on behind the pattern');
    expect(of('avatar')?.why).toBe('segment 3 is "17", not "avatar"');
    expect(routes.filter(({ verdict }) => verdict === 'taken')).toHaveLength(1);
    expect(routes).toHaveLength(policy.routes.length);
    const avatar = (await explainer()('/api/orders/avatar/7')).routes;
    expect(avatar.find(({ verdict }) => verdict === 'taken')?.name).toBe('avatar');
    const other = await explainer()('/Api/orders');
    expect(other.route).toBe('default');
    expect(other.routes[0]?.why).toContain('upper and lower case differ');
  });

  it('shows no value of a claim, in whatever field, unless it is asked to', async () => {
    const explain = explainer();
    for (const [method, target] of [
      ['GET', '/api/orders'],
      ['PUT', '/api/orders'],
      ['GET', '/api/report'],
    ]) {
      const ask = (showValues: boolean) =>
        explain(target ?? '', {
          method: method ?? '',
          headers: asAlice,
          showValues,
          response: { headers: { 'cache-control': 'public, max-age=9' } },
        });
      const masked = JSON.stringify(await ask(false));
      for (const value of ['alice', 'acme', 'member', alice, SECRET]) expect(masked).not.toContain(value);
      const open = JSON.stringify(await ask(true));
      expect(open).toContain(target === '/api/report' ? 'acme-secret' : 'user:42-alice');
      for (const value of [alice, SECRET]) expect(open).not.toContain(value);
    }
  });

  it('of a token that does not verify it tells algorithm and key id, and nothing else', async () => {
    const forged = `${alice.slice(0, -6)}AAAAAA`;
    const told = await explainer()('/api/orders', {
      headers: { authorization: `Bearer ${forged}` },
      showValues: true,
    });
    expect(told).toMatchObject({
      lane: 'reject',
      status: 401,
      code: 'ERR_TOKEN_SIGNATURE',
      credential: { outcome: 'invalid', code: 'ERR_TOKEN_SIGNATURE', verified: null },
      scope: { values: null },
    });
    expect(JSON.stringify(told)).not.toContain('alice');
    expect(told.steps.at(-1)?.text).toContain('ERR_TOKEN_SIGNATURE (401)');
  });

  it('the steps stand in the order in which the edge looks, up to the one that ends it', async () => {
    const names = async (target: string, asked: Asked = {}) =>
      (await explainer()(target, asked)).steps.map(({ step }) => step);
    const enter = ['normalize', 'switches', 'https', 'handlers', 'route', 'credential', 'lane'];
    expect(await names('/api/orders', { headers: asAlice, response: {} })).toEqual([
      ...enter,
      'key',
      'engine',
      'response',
    ]);
    expect(await names('/api/orders')).toEqual(enter);
    expect(await names('/api/orders', { method: 'PURGE' })).toEqual(['normalize']);
    expect(await names('/.edge/purge')).toEqual(['normalize', 'switches', 'https', 'operator']);
    const preflight = { origin: 'https://app.test', 'access-control-request-method': 'GET' };
    expect(await names('/api/orders', { method: 'OPTIONS', headers: preflight })).toEqual([
      ...enter.slice(0, 5),
      'preflight',
    ]);
  });

  it('the arithmetic of a response, and what the client gets of it', async () => {
    const told = await explainer()('/api/orders', {
      headers: asAlice,
      response: { headers: { 'cache-control': 'max-age=600', age: '100', 'surrogate-key': 'theirs' } },
    });
    expect(told.response).toMatchObject({
      stored: true,
      reason: 'stored',
      ttlSeconds: 500,
      arithmetic: { source: 'max-age', statedSeconds: 600, ageSeconds: 100 },
      originSurrogateKeys: ['theirs'],
      client: {
        cacheControl: 'private, no-cache',
        vary: 'x-variant, authorization, cookie',
        setsCookie: false,
      },
    });
    const shared = await explainer()('/api/report', {
      headers: asAlice,
      response: { headers: { 'cache-control': 'max-age=600' } },
    });
    expect(shared.response).toMatchObject({ stored: false, reason: 'no-consent', ttlSeconds: 0 });
    const cookie = await explainer()('/assets/app.css', {
      response: { headers: { 'cache-control': 'max-age=60', 'set-cookie': 'a=1' } },
    });
    expect(cookie.response).toMatchObject({ reason: 'set-cookie', client: { setsCookie: true } });
    const withheld = await explainer()('/assets/app.css', {
      headers: { cookie: 'a=mine', 'x-forwarded-host': 'h', x_y: '1' },
      response: { headers: { 'cache-control': 'max-age=60', 'set-cookie': 'a=1' } },
    });
    expect(withheld.response).toMatchObject({ reason: 'set-cookie', client: { setsCookie: false } });
    expect(withheld.steps[1]).toEqual({
      step: 'normalize',
      text: 'no origin gets what the client sent as x-forwarded-host, x_y',
    });
    const passed = await explainer()('/live', { response: { headers: { 'cache-control': 'max-age=60' } } });
    expect(passed.response).toMatchObject({
      stored: false,
      reason: null,
      client: { cacheControl: 'private, no-store, max-age=0' },
    });
  });

  it('knows previews, and answers that echo what was forwarded', async () => {
    expect(await explainer()('/page?PREVIEW=1')).toMatchObject({ lane: 'pass', reason: 'cms-query' });
    expect(await explainer()('/page', { headers: { 'x-preview': '' } })).toMatchObject({
      lane: 'pass',
      reason: 'cms-header',
    });
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const cacheable = { 'cache-control': 'max-age=60' };
    const answered = (more: Record<string, string>) =>
      explainer()('/page', { headers, response: { headers: { ...cacheable, ...more } } });
    for (const more of [{ traceresponse: `00-${trace}-b7ad6b7169203331-01` }, { vary: 'X-Request-ID' }])
      expect((await answered(more)).response).toMatchObject({ stored: false, reason: 'forwarded-echo' });
    expect((await answered({ 'x-request-id': 'another' })).response).toMatchObject({ stored: true });
  });

  it('counts nothing against the client, and still tells who is blocked', async () => {
    let counted = 0;
    let blocked = false;
    const limiter = (_rule: RateRule) => ({ isBlocked: () => blocked, count: () => ++counted > 0 });
    const explain = explainer({ limiter });
    const bad = { headers: { authorization: 'Bearer not.a.token' } };
    expect((await explain('/limited', bad)).code).toBe('ERR_TOKEN_MALFORMED');
    expect(counted).toBe(0);
    blocked = true;
    expect((await explain('/limited', bad)).code).toBe('ERR_RATE_LIMITED');
  });

  it('asks no origin, stores nothing, purges nothing and logs nothing', async () => {
    const never = () => {
      throw new Error('explaining has done something');
    };
    const { port } = memoryCache({ nowMs: 0 });
    const explain = explainer({
      fetchOrigin: never,
      purge: never,
      log: never,
      writeKv: never,
      coreCache: { ...port, transaction: never, insert: never },
    });
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      for (const target of ['/api/orders', '/live', '/assets/x', '/nothing']) {
        await explain(target, { method, headers: asAlice, response: {} });
      }
    }
  });

  it('own handlers are counted, and revocation, switches and a missing engine are told', async () => {
    const edge = createHandlers();
    edge.get('/api/orders', () => undefined);
    const handled = await explainer({}, edge)('/api/orders', { headers: asAlice });
    expect(handled.steps.find(({ step }) => step === 'handlers')?.text).toMatch(/^1 handler/);
    const readKv = async () => JSON.stringify({ notBefore: 9_999_999_999 });
    expect(await explainer({ readKv })('/revocable', { headers: asAlice })).toMatchObject({
      code: 'ERR_TOKEN_REVOKED',
    });
    const config = () => (item: string) => (item === 'route.orders' ? 'observe' : null);
    expect(await explainer({ config })('/api/orders', { headers: asAlice })).toMatchObject({
      lane: 'pass',
      reason: 'switch-observe',
    });
    expect(
      await explainer({ coreCache: null })('/api/orders', { headers: asAlice, response: {} }),
    ).toMatchObject({ lane: 'pass', reason: 'no-engine', engine: 'none', response: { stored: false } });
  });

  it('a look-alike is told as what it is judged as: its credential, and the origin that it goes to', async () => {
    const told = await explainer({})('/API/orders', { headers: asAlice });
    const plain = await explainer({})('/api/orders', { headers: asAlice });
    expect(told).toMatchObject({
      lane: 'pass',
      reason: 'protected-lookalike',
      origin: { name: plain.origin?.name },
    });
    expect(told.credential).toEqual(plain.credential);
    expect(told.steps.map(({ text }) => text).join('\n')).toContain('judged as orders');
  });

  it.each([null, ''])(
    'without a fingerprint_key (%j) no digest is shown: it could be guessed',
    async (none) => {
      const secret = async (_: string, item: string) => (item === 'fingerprint_key' ? none : SECRET);
      const { key } = await explainer({ secret })('/api/orders', { headers: asAlice });
      expect(key).toEqual({ fingerprint: null, entry: null, cacheKey: null });
    },
  );
});

describe('explain says what the edge does', () => {
  const CACHED = { 'cache-control': 'max-age=60' };
  const ASSERTED = { ...CACHED, 'x-user-id': '42-alice' };
  const targets = fc.constantFrom<string>(
    '/api/orders',
    '/api/orders?a=1&utm_x=2',
    '/api/orders/7',
    '/api/payment',
    '/api/report',
    '/api/open',
    '/api/orders/avatar/3',
    '/api/orders%2f7',
    '/API/orders',
    '/api//orders',
    '/hidden',
    '/live',
    '/assets/a.css',
    '/search?q=1',
    '/preview/x',
    '/limited',
    '/own',
    '/nothing',
    '/media/film',
    '/',
  );
  const methods = fc.constantFrom<string>('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PURGE', 'BREW');
  const credentials = fc.constantFrom<string>(
    'none',
    'good',
    'bad',
    'expired',
    'basic',
    'cookie',
    'cookie-twice',
  );
  const more = fc.record({
    cms: fc.boolean(),
    body: fc.boolean(),
    preflight: fc.boolean(),
    observe: fc.boolean(),
    allPass: fc.boolean(),
    engine: fc.boolean(),
    secure: fc.boolean(),
    https: fc.constantFrom<string | null>(null, 'redirect', 'require'),
    unreadable: fc.constantFrom<string | null>(null, null, null, 'key_version', 'route.orders'),
  });
  const answers = fc.constantFrom<Record<string, string>>(
    CACHED,
    ASSERTED,
    { 'cache-control': 'public, s-maxage=60' },
    { 'cache-control': 'no-store' },
    { 'cache-control': 'private, max-age=60' },
    { 'cache-control': 'max-age=60', 'set-cookie': 'a=1' },
    { 'cache-control': 'max-age=60', 'set-cookie': 'session=new' },
    {},
  );

  type Flags = Partial<{
    engine: boolean;
    observe: boolean;
    preflight: boolean;
    https: 'redirect';
    unreadable: string;
  }>;
  const MET: readonly (readonly [string, string, string, Flags, Record<string, string>, string])[] = [
    ['/api/orders', 'GET', 'good', {}, CACHED, 'scoped scope-verified '],
    ['/nothing', 'GET', 'none', {}, CACHED, 'public anonymous '],
    ['/api/open', 'GET', 'none', {}, CACHED, 'public scope-fallback-public '],
    ['/api/orders', 'PUT', 'good', {}, CACHED, 'pass scope-write '],
    ['/API/orders', 'GET', 'good', {}, CACHED, 'pass protected-lookalike '],
    ['/API/orders', 'GET', 'expired', {}, CACHED, 'reject error ERR_TOKEN_EXPIRED'],
    ['/api//orders', 'GET', 'good', {}, CACHED, 'pass ambiguous-target '],
    ['/api/orders', 'GET', 'good', { observe: true }, CACHED, 'pass switch-observe '],
    ['/api/orders', 'GET', 'good', { engine: false }, CACHED, 'pass no-engine '],
    ['/api/orders', 'GET', 'good', { unreadable: 'key_version' }, CACHED, 'pass switches-unreadable '],
    ['/api/orders', 'OPTIONS', 'none', { preflight: true }, CACHED, 'pass preflight '],
    ['/api/orders', 'GET', 'good', { https: 'redirect' }, CACHED, 'reject https-redirect '],
    ['/api/orders', 'GET', 'expired', {}, CACHED, 'reject error ERR_TOKEN_EXPIRED'],
    ['/api/orders', 'PURGE', 'none', {}, CACHED, 'reject error ERR_METHOD_REFUSED'],
    ['/own', 'GET', 'good', {}, CACHED, 'scoped scope-verified ERR_ORIGIN_IDENTITY'],
    ['/own', 'GET', 'good', {}, ASSERTED, 'scoped scope-verified '],
  ];

  it('lane, reason, route, code, status, fingerprint and freshness, for every request', async () => {
    const plain = {
      cms: false,
      body: false,
      preflight: false,
      observe: false,
      allPass: false,
      engine: true,
      secure: false,
      https: null as string | null,
      unreadable: null as string | null,
    };
    const examples = MET.map(
      ([target, method, who, flags, answer]): [string, string, string, typeof plain, typeof answer] => [
        target,
        method,
        who,
        { ...plain, ...flags },
        answer,
      ],
    );
    const expired = await sign({ sub: '42' }, -60);
    const sent: Record<string, Record<string, string>> = {
      none: {},
      good: asAlice,
      bad: { authorization: 'Bearer a.b.c' },
      expired: { authorization: `Bearer ${expired}` },
      basic: { authorization: 'Basic abc' },
      cookie: { cookie: `session=${alice}` },
      'cookie-twice': { cookie: `session=${alice}; session=x` },
    };
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        targets,
        methods,
        credentials,
        more,
        answers,
        async (target, method, who, rest, answer) => {
          const headers = new Headers(sent[who]);
          headers.set('host', 'www.test');
          if (rest.cms) headers.set('cookie', `${headers.get('cookie') ?? 'x=1'}; cms_session=1`);
          if (rest.body) headers.set('content-length', '3');
          if (rest.preflight) {
            headers.set('origin', 'https://app.test');
            headers.set('access-control-request-method', 'GET');
          }
          const items: Record<string, string | null> = {
            cache: rest.allPass ? 'pass' : null,
            'route.orders': rest.observe ? 'observe' : null,
            https: rest.https,
          };
          const config = () => (item: string) => {
            if (item === rest.unreadable) throw new Error('the look-up failed');
            return items[item] ?? null;
          };
          const lines: LogRecord[] = [];
          const purged: string[] = [];
          const platform: Partial<Platform> = {
            config,
            // Bytes: for a text Node would add a Content-Type of its own.
            fetchOrigin: async () => new Response(new TextEncoder().encode('page'), { headers: answer }),
            coreCache: rest.engine ? memoryCache({ nowMs: 0 }).port : null,
            log: (_, line) => void lines.push(JSON.parse(line)),
            purge: (key) => void purged.push(key),
          };
          const url = `${rest.secure ? 'https' : 'http'}://www.test${target}`;
          const told = await explainer(platform)('', {
            method,
            url,
            headers: Object.fromEntries(headers),
            response: { headers: answer },
            showValues: true,
          });
          const app = createRequestHandler(policy, router, memoryPlatform(platform));
          const request = { method, url, headers, body: null } as unknown as Request;
          const done = await app({
            request,
            requestId: 'r',
            clientAddress: '192.0.2.1',
            waitUntil: () => {},
            vcpuMs: () => null,
          });
          const [line] = lines;
          const { lane, reason, route } = told;
          const code = told.code ?? told.response?.code ?? null;
          reached.add(`${lane} ${reason} ${code ?? ''}`);
          expect({ lane, reason, route, code }).toEqual({
            lane: line?.lane,
            reason: line?.reason,
            route: line?.route,
            code: line?.code,
          });
          expect(done.status).toBe(told.status ?? told.response?.status ?? 200);
          if (code === null && (lane === 'scoped' || lane === 'public')) {
            expect(line?.fingerprint).toBe(told.key?.fingerprint);
            expect(line?.detail).toBe(told.response?.reason);
            expect(line?.notes).toEqual(told.response?.notes);
          }
          const client = told.response?.client;
          if (client) {
            expect(done.headers.get('cache-control')).toBe(client.cacheControl);
            expect(done.headers.has('set-cookie')).toBe(client.setsCookie);
          }
          for (const key of told.purgesAfterWrite) expect(purged).toContain(key);
        },
      ),
      { numRuns: 1500, examples },
    );
    // Each of these has been met, whatever the draw.
    for (const [, , , , , met] of MET) expect(reached).toContain(met);
  });
});
