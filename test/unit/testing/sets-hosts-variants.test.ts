import { definePolicy } from 'claimcache';
import { testEdge } from 'claimcache/testing';
import { expect, it } from 'vitest';

// The engine in memory does what the two of the platform do: test/edge/variants-and-hosts.test.ts has the same in Viceroy.
const policy = definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    app: {
      algorithms: ['HS256'],
      keys: { secretStore: 's', item: 'k', format: 'raw' },
      issuer: 'https://app.test',
      audience: 'site',
    },
  },
  scopes: {
    user: { claims: 'sub' },
    staff: { parts: [{ set: 'roles', only: ['editor', 'admin', 'viewer'], atMost: 2 }], shared: true },
  },
  routes: {
    staff: { path: '/staff', scope: 'staff', ttlSeconds: 60 },
    account: { path: '/account', hosts: ['shop.test'], scope: 'user', ttlSeconds: 60 },
    pages: {
      path: '/pages',
      ttlSeconds: 60,
      variants: { languages: ['en', 'de'], cookies: { ab: ['a', 'b'] } },
    },
  },
});

const start = (tags: Record<string, string> = {}) =>
  testEdge(policy, {
    origin: ({ headers }) =>
      Response.json(Object.fromEntries(headers), {
        headers: { 'cache-control': 'public, max-age=60', ...tags },
      }),
  });
const states = async (answers: readonly Promise<Response>[]) =>
  (await Promise.all(answers)).map(({ headers }) => headers.get('x-cache'));

it('a set of roles is shared by those who hold it, and purged by its members', async () => {
  const edge = await start();
  const ask = (roles: unknown, sub = '42') => edge.fetch('/staff', { as: { sub, roles } as never });
  expect((await ask(['editor', 'x', 'admin'])).headers.get('x-cache')).toBe('MISS');
  expect(await states([ask(['admin', 'editor'], '43'), ask(['admin'])])).toEqual(['HIT', 'MISS']);
  expect(edge.originRequests.map(({ headers }) => headers.get('x-claimcache-claims'))).toEqual([
    '{"set:roles":["admin","editor"]}',
    '{"set:roles":["admin"]}',
  ]);
  expect((await ask(['admin', 'editor', 'viewer'])).status).toBe(403);
  expect((await ask('admin')).status).toBe(401);
  await edge.purge('staff', ['editor', 'admin']);
  expect(await states([ask(['admin', 'editor']), ask(['admin'])])).toEqual(['MISS', 'HIT']);
});

it('a path with a scope on one host is protected on all', async () => {
  const edge = await start();
  const on = (host: string, as?: { sub: string }) =>
    edge.fetch('/account', { headers: { host }, ...(as && { as }) });
  for (const host of ['shop.test', 'any.test']) expect((await on(host)).status, host).toBe(401);
  const alice = { sub: '42' };
  for (const [host, state] of [
    ['shop.test', 'HIT'],
    ['any.test', 'BYPASS'],
  ] as const) {
    await on(host, alice);
    expect((await on(host, alice)).headers.get('x-cache'), host).toBe(state);
  }
});

it('a public page has as many entries as its variants, and the origin’s tags are keys', async () => {
  const edge = await start({ 'cache-tag': 'one, two', xkey: 'three' });
  const ask = (headers: Record<string, string>) => edge.fetch('/pages', { headers });
  const all = [
    {},
    { 'accept-language': 'de-AT' },
    { cookie: 'ab=b' },
    { cookie: 'ab=x', 'accept-language': 'fr' },
    { 'accept-language': 'de' },
  ];
  for (const headers of all) await ask(headers);
  expect(
    edge.originRequests.map(({ headers }) => [headers.get('accept-language'), headers.get('cookie')]),
  ).toEqual([
    ['en', 'ab=a'],
    ['de', 'ab=a'],
    ['en', 'ab=b'],
  ]);
  for (const key of ['one', 'two', 'three']) {
    const hit = await ask({});
    expect([hit.headers.get('x-cache'), hit.headers.get('cache-tag'), hit.headers.get('xkey')]).toEqual([
      'HIT',
      null,
      null,
    ]);
    await edge.purgeKeys(key);
    expect((await ask({})).headers.get('x-cache')).toBe('MISS');
  }
});
