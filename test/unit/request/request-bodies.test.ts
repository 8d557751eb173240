import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { expectHit, expectIsolated, expectNeverStored } from '../../../src/testing/expectations.ts';
import {
  type TestEdge,
  type TestEdgeOptions,
  type TestRequest,
  testEdge,
} from '../../../src/testing/test-edge.ts';

const policy: PolicyInput = {
  origins: { app: { backend: 'origin' } },
  cms: { cookies: ['cms_session'] },
  providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
  scopes: { user: { claims: 'sub' } },
  routes: {
    search: { path: '/search', ttlSeconds: 60, methods: ['POST', 'QUERY'], body: 'json', maxBodyBytes: 200 },
    signed: { path: '/signed', ttlSeconds: 60, methods: ['POST'], body: 'json', query: 'verbatim' },
    rpc: { path: '/rpc/list', ttlSeconds: 60, methods: ['POST'], body: 'bytes' },
    mine: {
      path: '/api/search',
      scope: 'user',
      ttlSeconds: 60,
      staleWhileRevalidateSeconds: 600,
      methods: ['POST'],
      body: 'json',
    },
    save: { path: '/api/search/save', scope: 'user' },
    orders: { path: '/api/orders', scope: 'user', ttlSeconds: 60 },
    pages: { path: '/pages/**', ttlSeconds: 60 },
    graphql: { path: '/graphql', scope: 'user', graphql: true },
  },
  cors: { origins: ['https://app.test'], headers: ['content-type'] },
};
const ALICE = { as: { sub: 'alice' } };
const BOB = { as: { sub: 'bob' } };

interface Seen {
  readonly method: string;
  readonly body: string;
  readonly type: string | null;
  readonly length: string | null;
}

/** An edge, and what its origin was asked: it answers with who asks, the body, and a count. */
async function start(options: Partial<TestEdgeOptions> = {}, headers: Record<string, string> = {}) {
  const seen: Seen[] = [];
  const edge = await testEdge(policy, {
    origin: async (request) => {
      const body = await request.text();
      const type = request.headers.get('content-type');
      seen.push({ method: request.method, body, type, length: request.headers.get('content-length') });
      const who = /"sub":"(\w+)"/.exec(atob(request.headers.get('authorization')?.split('.')[1] ?? ''))?.[1];
      const text = `${who ?? 'nobody'} ${body} ${seen.length}`;
      return new Response(text, {
        headers: { 'content-length': String(Buffer.byteLength(text)), ...headers },
      });
    },
    ...options,
  });
  return { edge, seen };
}
const json = (body: string, more: TestRequest = {}): TestRequest => ({
  method: 'POST',
  body,
  ...more,
  headers: { 'content-type': 'application/json', ...more.headers },
});
const stateOf = async (answer: Promise<Response>) => (await answer).headers.get('x-cache');
const states = async (edge: TestEdge, path: string, ...requests: readonly TestRequest[]) => {
  const all = [];
  for (const request of requests) all.push(await stateOf(edge.fetch(path, request)));
  return all;
};
const last = (edge: TestEdge) => edge.logs.at(-1);

describe('a POST that a route is cached by', () => {
  it('is a HIT however its JSON is written, and the origin gets what the key holds', async () => {
    const { edge, seen } = await start();
    const first = await edge.fetch('/search', json('{ "q": "shoes", "page": 1.0 }'));
    expect(first.headers.get('x-cache')).toBe('MISS');
    const again = await edge.fetch(
      '/search',
      json('{"page":1,"q":"sh\\u006fes"}', {
        headers: { 'content-type': 'application/json; charset=utf-8', cookie: 'a=b' },
      }),
    );
    expect([again.headers.get('x-cache'), await again.text()]).toEqual(['HIT', await first.text()]);
    expect(again.headers.get('age')).toBe('0');
    expect(again.headers.get('cache-status')).toMatch(/^claimcache; ?hit/i);
    expect(seen).toEqual([
      { method: 'POST', body: '{"page":1,"q":"shoes"}', type: 'application/json', length: null },
    ]);
    expect(edge.originRequests[0]?.headers.has('cookie')).toBe(false);
    expect(last(edge)).toMatchObject({ method: 'POST', lane: 'public', engine: 'core', purged: 0 });
  });

  it('of another value, media type, method or query is another one', async () => {
    const { edge } = await start();
    const vendor = { headers: { 'content-type': 'application/vnd.x+json' } };
    const different = [
      json('{"q":1}'),
      json('{"q":2}'),
      json('{"q":"1"}'),
      json('{"q":1}', vendor),
      json('{"q":1}', { method: 'QUERY' }),
    ];
    expect(await states(edge, '/search', ...different, ...different)).toEqual([
      ...Array(5).fill('MISS'),
      ...Array(5).fill('HIT'),
    ]);
    expect(await states(edge, '/search?a=1', json('{"q":1}'))).toEqual(['MISS']);
    expect(await states(edge, '/search', { method: 'GET' }, { method: 'GET' }, { method: 'HEAD' })).toEqual([
      'MISS',
      'HIT',
      'HIT',
    ]);
  });

  it.each([
    ['another media type', '{"q":1}', { 'content-type': 'text/plain' }, 'media-type'],
    ['an encoding', '{"q":1}', { 'content-encoding': 'gzip' }, 'fields'],
    ['a body that is too long', `{"q":"${'x'.repeat(200)}"}`, {}, 'length'],
    ['no body', '', {}, 'length'],
    ['a member twice', '{"q":1,"q":2}', {}, 'json'],
    ['a number that would change', '{"q":12345678901234567890}', {}, 'json'],
    ['something behind it', '{"q":1}}', {}, 'json'],
    ['no-transform', '{ "q": 1 }', { 'cache-control': 'no-transform' }, 'no-transform'],
  ])('with %s passes as it came, and counts as no write', async (_, body, headers, why) => {
    const { edge, seen } = await start();
    await edge.fetch('/search');
    const request = json(body, { headers });
    expect(await states(edge, '/search', request, request)).toEqual(['BYPASS', 'BYPASS']);
    expect(seen.slice(1)).toMatchObject([
      { method: 'POST', body },
      { method: 'POST', body },
    ]);
    expect(last(edge)).toMatchObject({ lane: 'pass', reason: 'body-unkeyed', detail: why, purged: 0 });
    expect(await stateOf(edge.fetch('/search'))).toBe('HIT');
  });

  it('as bytes is what it is, and as it is called', async () => {
    const { edge, seen } = await start();
    const grpc = (body: string, type: string) => ({
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    const [a, b] = [
      grpc('{ "a": 1 }', 'application/grpc-web+proto'),
      grpc('{"a":1}', 'application/grpc-web+proto'),
    ];
    expect(await states(edge, '/rpc/list', a, b, grpc('{"a":1}', 'text/plain'), a)).toEqual([
      'MISS',
      'MISS',
      'MISS',
      'HIT',
    ]);
    expect(seen[0]).toMatchObject({ body: '{ "a": 1 }', type: 'application/grpc-web+proto' });
  });

  it('goes with a query as it came, where the route says so', async () => {
    const { edge } = await start();
    const target = '/signed?b=2&a=%31&&sig=x';
    expect(await states(edge, target, json('{"q":1}'), json('{"q":1}'))).toEqual(['MISS', 'HIT']);
    expect(edge.originRequests.at(-1)?.url).toMatch(/\/signed\?b=2&a=%31&&sig=x$/);
    expect(await states(edge, '/signed?a=%31&b=2&&sig=x', json('{"q":1}'))).toEqual(['MISS']);
  });

  it('is stored with explicit freshness alone, and never with a cookie', async () => {
    const { edge } = await start({}, { 'set-cookie': 'session=secret' });
    await expectNeverStored(edge, '/search', json('{"q":1}'));
    expect(last(edge)?.detail).toBe('set-cookie');
    const { edge: silent } = await start({}, { 'cache-control': 'no-store' });
    await expectNeverStored(silent, '/search', json('{"q":1}'));
  });

  it('is no write, and every other one still is', async () => {
    const { edge } = await start();
    await edge.fetch('/api/orders', ALICE);
    await edge.fetch('/api/search', json('{"q":1}', ALICE));
    await edge.fetch('/api/search', json('not JSON', ALICE));
    expect(await stateOf(edge.fetch('/api/orders', ALICE))).toBe('HIT');
    expect(await stateOf(edge.fetch('/api/search', json('{"q":1}', ALICE)))).toBe('HIT');
    await edge.fetch('/api/orders', json('{"q":1}', ALICE));
    expect(last(edge)).toMatchObject({ reason: 'scope-write', purged: 1 });
    expect(await states(edge, '/api/orders', ALICE)).toEqual(['MISS']);
    expect(await stateOf(edge.fetch('/api/search', json('{"q":1}', ALICE)))).toBe('MISS');
    // Another unsafe method to the same path, and an unsafe one to a public path.
    await edge.fetch('/search', json('{"q":1}'));
    expect(await stateOf(edge.fetch('/search', json('{"q":1}', { method: 'PUT' })))).toBe('BYPASS');
    expect(await stateOf(edge.fetch('/search', json('{"q":1}')))).toBe('MISS');
  });

  it('that an origin may take for one to another route is a write', async () => {
    const { edge } = await start();
    const write = json('{"q":1}', ALICE);
    for (const path of ['/api/search/save', '/api/search/Save']) {
      expect(await states(edge, path, write, write)).toEqual(['BYPASS', 'BYPASS']);
      expect(last(edge)).toMatchObject({ lane: 'pass', purged: 1 });
    }
  });

  it('of an editor passes unread', async () => {
    const { edge, seen } = await start();
    const editor = json('{ "q": 1 }', { headers: { cookie: 'cms_session=1' } });
    expect(await states(edge, '/search', editor, editor)).toEqual(['BYPASS', 'BYPASS']);
    expect(seen[0]?.body).toBe('{ "q": 1 }');
    expect(last(edge)).toMatchObject({ reason: 'cms-cookie', purged: 0 });
  });

  it('is no part of what a browser is told of another person', async () => {
    const { edge } = await start();
    await expectIsolated(edge, '/api/search', [json('{"q":1}', ALICE), json('{"q":1}', BOB)]);
    expect(await (await edge.fetch('/api/search', json('{"q":1}', BOB))).text()).toMatch(/^bob /);
    const nobody = await edge.fetch('/api/search', json('{"q":1}'));
    expect(nobody.status).toBe(401);
  });

  it('is refreshed behind a stale answer by the same body, and without a condition', async () => {
    const { edge, seen } = await start({}, { etag: '"1"' });
    await edge.fetch('/api/search', json('{"b":1,"a":2}', ALICE));
    edge.advance(61);
    expect(await stateOf(edge.fetch('/api/search', json('{"a":2,"b":1}', ALICE)))).toBe('STALE');
    expect(seen.map(({ body }) => body)).toEqual(['{"a":2,"b":1}', '{"a":2,"b":1}']);
    expect(edge.originRequests.at(-1)?.headers.has('if-none-match')).toBe(false);
    expect(await stateOf(edge.fetch('/api/search', json('{"a":2,"b":1}', ALICE)))).toBe('HIT');
  });

  it('is answered whole, whatever range or tag it names', async () => {
    const { edge } = await start({}, { etag: '"1"' });
    await edge.fetch('/search', json('{"q":1}'));
    const headers = { range: 'bytes=0-1', 'if-none-match': '"1"' };
    const answer = await edge.fetch('/search', json('{"q":1}', { headers }));
    expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'HIT']);
    expect(await answer.text()).toContain('{"q":1}');
  });

  it('is only observed where a switch says so, and passes where one does', async () => {
    const { edge, seen } = await start({ config: { 'route.search': 'observe', 'route.rpc': 'pass' } });
    expect(await states(edge, '/search', json('{ "q": 1 }'))).toEqual(['BYPASS']);
    expect(last(edge)?.observed).toMatchObject({ lane: 'public', ttlSeconds: 60 });
    expect(seen[0]?.body).toBe('{ "q": 1 }');
    expect(await states(edge, '/rpc/list', json('x'))).toEqual(['BYPASS']);
    expect(last(edge)).toMatchObject({ reason: 'switch-pass', purged: 0 });
  });

  it('is explained: by its key, or by why it has none', async () => {
    const { edge } = await start();
    const [a, b, other] = [
      await edge.plan('/search', json('{"b":1,"a":2}')),
      await edge.plan('/search', json('{ "a": 2, "b": 1 }')),
      await edge.plan('/search', json('{"a":2}')),
    ];
    expect(a).toMatchObject({ lane: 'public', route: 'search', purgesAfterWrite: [] });
    expect([a.keyDigest === b.keyDigest, a.keyDigest === other.keyDigest]).toEqual([true, false]);
    expect(await edge.plan('/search', json('{"a":1,"a":2}'))).toMatchObject({
      lane: 'pass',
      reason: 'body-unkeyed',
    });
    await expectHit(edge, '/search', json('{"a":1}'));
  });
});

describe('QUERY', () => {
  it('passes where no route says more, purges nothing, and is told from a write', async () => {
    const { edge, seen } = await start();
    const asks = json('{ "q": 1 }', { method: 'QUERY' });
    await edge.fetch('/pages/a');
    await edge.fetch('/api/orders', ALICE);
    expect(await states(edge, '/pages/a', asks)).toEqual(['BYPASS']);
    expect(last(edge)).toMatchObject({ method: 'QUERY', reason: 'query-method', purged: 0 });
    expect(seen.at(-1)).toMatchObject({ method: 'QUERY', body: '{ "q": 1 }' });
    expect(await states(edge, '/api/orders', { ...asks, ...ALICE })).toEqual(['BYPASS']);
    expect(last(edge)).toMatchObject({ reason: 'query-method', purged: 0 });
    expect(await stateOf(edge.fetch('/pages/a'))).toBe('HIT');
    expect(await stateOf(edge.fetch('/api/orders', ALICE))).toBe('HIT');
    expect((await edge.fetch('/api/orders', asks)).status).toBe(401);
    expect(await edge.plan('/pages/a', asks)).toMatchObject({ lane: 'pass', reason: 'query-method' });
  });

  it('to a GraphQL endpoint may hold a mutation', async () => {
    const { edge } = await start();
    await edge.fetch('/graphql', json('{"query":"{a}"}', { method: 'QUERY', ...ALICE }));
    expect(last(edge)).toMatchObject({ lane: 'pass', reason: 'graphql-unreadable', purged: 1 });
  });

  it('is answered as a GET is: 304, 412 and ranges', async () => {
    const { edge } = await start({}, { etag: '"1"', 'cache-control': 'max-age=60' });
    const asks = (headers: Record<string, string> = {}) => json('{"q":1}', { method: 'QUERY', headers });
    await edge.fetch('/search', asks());
    const statuses = [];
    for (const headers of [
      { 'if-none-match': '"1"' },
      { 'if-match': '"2"' },
      { range: 'bytes=0-5' },
      { 'if-none-match': '"2"' },
    ])
      statuses.push((await edge.fetch('/search', asks(headers as Record<string, string>))).status);
    expect(statuses).toEqual([304, 412, 206, 200]);
    expect(edge.originRequests).toHaveLength(1);
  });

  it('is renewed by a 304', async () => {
    const { edge } = await start({
      origin: (request) =>
        request.headers.get('if-none-match') === '"1"'
          ? new Response(null, { status: 304, headers: { etag: '"1"', 'cache-control': 'max-age=60' } })
          : new Response('found', {
              headers: { etag: '"1"', 'cache-control': 'max-age=60', 'content-length': '5' },
            }),
    });
    const asks = json('{"q":1}', { method: 'QUERY' });
    await edge.fetch('/search', asks);
    edge.advance(61);
    const renewed = await edge.fetch('/search', asks);
    expect([await renewed.text(), last(edge)?.detail]).toEqual(['found', 'revalidated']);
    expect(await edge.originRequests.at(-1)?.text()).toBe('{"q":1}');
  });

  it('of another origin is allowed by a preflight where the route is cached by it', async () => {
    const { edge } = await start();
    const ask = (path: string) =>
      edge.fetch(path, {
        method: 'OPTIONS',
        headers: { origin: 'https://app.test', 'access-control-request-method': 'QUERY' },
      });
    expect((await ask('/search')).headers.get('access-control-allow-methods')).toContain('QUERY');
    expect((await ask('/pages/a')).headers.get('access-control-allow-methods')).toBeNull();
  });
});
