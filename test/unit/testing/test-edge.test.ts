import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createHandlers, definePolicy } from 'claimcache';
import { type TestEdge, testEdge } from 'claimcache/testing';
import { beforeEach, describe, expect, it } from 'vitest';

const policy = definePolicy({
  origins: { app: { backend: 'origin' } },
  cms: { cookies: ['cms_session'] },
  providers: {
    idp: {
      algorithms: ['RS256'],
      keys: { discovery: 'https://idp.example', backend: 'idp' },
      issuer: 'https://idp.example',
      audience: 'site',
    },
    legacy: {
      credentials: [{ cookie: 'session' }],
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'legacy', format: 'raw' },
    },
  },
  scopes: {
    user: { claims: 'sub', providers: ['idp', 'legacy'] },
    team: { claims: 'team', providers: ['idp'], shared: true },
  },
  routes: {
    orders: { path: '/api/orders', scope: 'user', ttlSeconds: { max: 600 } },
    report: { path: '/api/report', scope: 'team', ttlSeconds: { max: 60 } },
    cards: { path: '/api/cards', scope: 'user', cache: false },
    about: { path: '/about', lane: 'public' },
  },
});

const ALICE = { as: { sub: '42', team: 'a' } };
const BOB = { as: { sub: '43', team: 'a' } };
let edge: TestEdge;
let count: number;

const start = (of: Parameters<typeof testEdge>[0] = policy, cacheControl = 'private, max-age=600') => {
  count = 0;
  return testEdge(of, {
    origin: () => new Response(`page ${++count}`, { headers: { 'cache-control': cacheControl } }),
  });
};
beforeEach(async () => {
  edge = await start();
});

const stateOf = (response: Response) => response.headers.get('x-cache');

describe('a policy on the engine in Node', () => {
  it('a person’s second request is a HIT, with another token and by another provider a MISS', async () => {
    const first = await edge.fetch('/api/orders', ALICE);
    expect([first.status, stateOf(first), await first.text()]).toEqual([200, 'MISS', 'page 1']);
    const second = await edge.fetch('/api/orders', { ...ALICE, expiresInSeconds: 60 });
    expect([stateOf(second), await second.text()]).toEqual(['HIT', 'page 1']);
    expect(stateOf(await edge.fetch('/api/orders', { ...ALICE, provider: 'legacy' }))).toBe('MISS');
    expect(edge.originRequests).toHaveLength(2);
  });

  it('an expired token, and none, are refused', async () => {
    expect((await edge.fetch('/api/orders', { ...ALICE, expiresInSeconds: -60 })).status).toBe(401);
    expect((await edge.fetch('/api/orders')).status).toBe(401);
    expect(edge.originRequests).toHaveLength(0);
    expect(edge.logs.map(({ code }) => code)).toEqual(['ERR_TOKEN_EXPIRED', 'ERR_CREDENTIAL_MISSING']);
  });

  it('the clock moves when it is told to: an answer gets old, and then stale', async () => {
    await edge.fetch('/api/orders', ALICE);
    edge.advance(599);
    const old = await edge.fetch('/api/orders', ALICE);
    expect([stateOf(old), old.headers.get('age')]).toEqual(['HIT', '599']);
    edge.advance(2);
    expect(stateOf(await edge.fetch('/api/orders', ALICE))).toBe('MISS');
  });

  it('a purge takes one person’s pages, a route’s all, and a write those of who wrote', async () => {
    const both = async () => [
      stateOf(await edge.fetch('/api/orders', ALICE)),
      stateOf(await edge.fetch('/api/orders', BOB)),
    ];
    expect(await both()).toEqual(['MISS', 'MISS']);
    await edge.purge('user', '42');
    expect(await both()).toEqual(['MISS', 'HIT']);
    await edge.purgeRoute('orders');
    expect(await both()).toEqual(['MISS', 'MISS']);
    await edge.fetch('/api/orders', { ...BOB, method: 'POST', body: '{}' });
    expect(await both()).toEqual(['HIT', 'MISS']);
    await expect(edge.purge('usr', '42')).rejects.toThrow('400');
  });

  it('a plan tells lane, route, key and surrogate keys, and does nothing', async () => {
    const plan = await edge.plan('/api/orders', ALICE);
    expect(plan).toMatchObject({ lane: 'scoped', reason: 'scope-verified', route: 'orders', status: null });
    expect(plan.surrogateKeys).toContain('user:42');
    expect((await edge.plan('/api/orders', BOB)).keyDigest).not.toBe(plan.keyDigest);
    expect(await edge.plan('/api/orders')).toMatchObject({ lane: 'reject', status: 401, keyDigest: null });
    expect(await edge.plan('/about', { headers: { cookie: 'cms_session=1' } })).toMatchObject({
      lane: 'pass',
    });
    expect(edge.originRequests).toHaveLength(0);
    expect(edge.logs).toHaveLength(0);
  });

  it('a group shares what the origin consents to', async () => {
    edge = await start(policy, 'public, max-age=60');
    expect(stateOf(await edge.fetch('/api/report', ALICE))).toBe('MISS');
    expect(stateOf(await edge.fetch('/api/report', BOB))).toBe('HIT');
  });

  it('the clock begins where the test says', async () => {
    edge = await testEdge(policy, { origin: () => new Response('page'), now: new Date('2030-01-01') });
    await edge.fetch('/api/orders', ALICE);
    edge.advance(1);
    await edge.fetch('/about');
    expect(edge.logs.map(({ time }) => time)).toEqual([
      '2030-01-01T00:00:00.000Z',
      '2030-01-01T00:00:01.000Z',
    ]);
  });

  it('whatever a client may send reaches the engine as it is', async () => {
    const target = '/api/orders/../cards';
    expect((await edge.fetch(target, ALICE)).status).toBe(400);
    expect((await edge.fetch('/about', { method: 'TRACE' })).status).toBe(405);
    expect(stateOf(await edge.fetch('/about', { body: '{}' }))).toBe('BYPASS');
    const [asked] = edge.originRequests;
    expect([asked?.method, new URL(asked?.url ?? '').pathname, await asked?.text()]).toEqual([
      'GET',
      '/about',
      '{}',
    ]);
    await expect(edge.fetch('about')).rejects.toThrow('A path begins with /');
  });

  it('the origin may read what it is sent, and the test too', async () => {
    edge = await testEdge(policy, { origin: async (request) => new Response(await request.text()) });
    const answer = await edge.fetch('/api/orders', { ...ALICE, method: 'PUT', body: 'words' });
    expect(await answer.text()).toBe('words');
    expect(await edge.originRequests[0]?.text()).toBe('words');
    expect(edge.originRequests[0]?.headers.get('content-length')).toBe('5');
  });

  it('a secret that the test names is the one that is used', async () => {
    const locked = {
      ...policy,
      origins: { app: { backend: 'origin', lock: { header: 'x-lock', item: 'lock' } } },
    };
    edge = await testEdge(locked, {
      origin: (request) => new Response(request.headers.get('x-lock')),
      secrets: { lock: 'of-the-test' },
    });
    expect(await (await edge.fetch('/about')).text()).toBe('of-the-test');
  });

  it('a policy with hosts is asked by the first of them, unless the test says another', async () => {
    edge = await start({ ...policy, hosts: ['shop.example', 'blog.example'] });
    await edge.fetch('/about');
    await edge.fetch('/about', { headers: { host: 'blog.example' } });
    expect(edge.originRequests.map(({ url }) => url)).toEqual([
      'http://shop.example/about',
      'http://blog.example/about',
    ]);
    expect((await edge.fetch('/about', { headers: { host: 'other.example' } })).status).toBe(421);
  });

  it('an application that runs is asked as the platform asks it', async () => {
    const server = createServer((request, response) => {
      response.setHeader('content-encoding', 'gzip').setHeader('cache-control', 'max-age=60');
      response.writeHead(200).end(gzipSync(`${request.headers.host} ${request.url}`));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    edge = await testEdge(policy, { origin: `http://127.0.0.1:${port}` });
    const packed = { headers: { 'accept-encoding': 'gzip' } };
    const answer = await edge.fetch('/about?x=1', packed);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(await answer.arrayBuffer()).toString()).toBe('www.test /about?x=1');
    expect(stateOf(await edge.fetch('/about?x=1', packed))).toBe('HIT');
    expect(stateOf(await edge.fetch('/about?x=1'))).toBe('MISS');
    server.close();
    server.closeAllConnections();
    expect((await edge.fetch('/other')).status).toBe(502);
  });

  it('a purge by surrogate keys takes what has one of them', async () => {
    await edge.fetch('/api/orders', ALICE);
    await edge.fetch('/api/orders', BOB);
    await edge.purgeKeys('user:42', 'unknown');
    expect(stateOf(await edge.fetch('/api/orders', BOB))).toBe('HIT');
    expect(stateOf(await edge.fetch('/api/orders', ALICE))).toBe('MISS');
  });

  it('a provider that the policy has not is a mistake of the test', async () => {
    await expect(edge.fetch('/api/orders', { ...ALICE, provider: 'ldp' })).rejects.toThrow(
      'the policy has no provider ldp. It has: idp, legacy.',
    );
  });

  it('own handlers run before the lanes', async () => {
    const handlers = createHandlers().get('/robots.txt', () => new Response('none'));
    edge = await testEdge(policy, { origin: () => new Response('origin'), handlers });
    expect(await (await edge.fetch('/robots.txt')).text()).toBe('none');
  });

  it('a policy that is not valid is refused, by its own keys too', async () => {
    const weak = {
      ...policy,
      providers: {
        ...policy.providers,
        idp: { ...policy.providers.idp, keys: { jwk: { kty: 'oct', k: 'x' } } },
      },
    };
    await expect(testEdge(weak, { origin: () => new Response() })).rejects.toThrow('POLICY_KEY');
  });
});
