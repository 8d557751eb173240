import { AssertionError } from 'node:assert';
import { createHandlers, definePolicy } from 'claimcache';
import { expectHit, expectIsolated, expectNeverStored, type TestEdge, testEdge } from 'claimcache/testing';
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

describe('what a test of a policy expects', () => {
  it('two people are isolated, a page hits, and a sensitive one is never stored', async () => {
    await expectIsolated(edge, '/api/orders', [ALICE, BOB]);
    await expectHit(edge, '/api/orders', ALICE);
    await expectNeverStored(edge, '/api/cards', ALICE);
  });

  it('fails when a route loses its scope', async () => {
    edge = await start(
      { ...policy, routes: { orders: { path: '/api/orders', lane: 'public' } } },
      'public, max-age=60',
    );
    await expect(expectIsolated(edge, '/api/orders', [ALICE, BOB])).rejects.toThrow(AssertionError);
    edge = await start({ ...policy, routes: {} }, 'public, max-age=60');
    await expect(expectIsolated(edge, '/api/orders', [ALICE, BOB])).rejects.toThrow('is not scoped');
  });

  it('fails where two share an entry, where nothing hits, and where something is stored', async () => {
    edge = await start(policy, 'public, max-age=60');
    await expect(expectIsolated(edge, '/api/report', [ALICE, BOB])).rejects.toThrow('same cache key');
    await expect(expectNeverStored(edge, '/api/orders', ALICE)).rejects.toThrow('was stored');
    edge = await start(policy, 'no-store');
    await expect(expectHit(edge, '/api/orders', ALICE)).rejects.toThrow('no-store');
  });
});
