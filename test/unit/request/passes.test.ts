import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { createRequestHandler } from '../../../src/request/handle-request.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryPlatform } from '../../../src/testing/memory-platform.ts';

const KEY = 'key-of-the-editors-cookies';
const policy = compilePolicy({
  origins: { app: { backend: 'origin' } },
  cms: {
    cookies: ['open', { name: 'cms', hmac: { item: 'cms_key' } }, { name: 'wp_*', hmac: { item: 'k' } }],
    paths: ['/preview/**'],
    query: ['preview'],
    headers: ['X-Preview'],
  },
  scopes: { key: { parts: [{ header: 'x-api-key' }], providers: [] } },
  routes: {
    keyed: { path: '/keyed', scope: 'key' },
    fresh: { path: '/fresh', scope: 'key', cache: false },
    free: { path: '/free/**', lane: 'pass', passLimit: false },
    live: { path: '/live', lane: 'pass' },
  },
  passLimit: { count: 2, blockMinutes: 3 },
});

let lines: LogRecord[];
let sent: OriginRequest[];
let clients: string[];
let changes: Partial<Platform>;
let switches: Record<string, string>;

beforeEach(() => {
  lines = [];
  sent = [];
  clients = [];
  changes = {};
  switches = {};
});

function get(
  path: string,
  headers: Record<string, string> = {},
  clientAddress: string | null = '2001:db8::1',
) {
  const counts = new Map<string, number>();
  for (const client of clients) counts.set(client, (counts.get(client) ?? 0) + 1);
  const platform = memoryPlatform({
    secret: async () => KEY,
    config: () => (item) => switches[item] ?? null,
    fetchOrigin: async (request) => {
      sent.push(request);
      return new Response('page', { headers: { 'cache-control': 'max-age=60', 'content-length': '4' } });
    },
    limiter: ({ count }) => ({
      isBlocked: (client) => (counts.get(client) ?? 0) > count,
      count: (client) => clients.push(client) > count,
    }),
    log: (_, line) => void lines.push(JSON.parse(line)),
    ...changes,
  });
  const app = createRequestHandler(policy, routerOf(policy), platform);
  return app({
    request: new Request(`http://www.test${path}`, { headers }),
    requestId: 'request-1',
    clientAddress,
    waitUntil: () => {},
    vcpuMs: () => null,
  });
}

const signedAs = (name: string) =>
  `alice.${createHmac('sha256', KEY).update(`${name}=alice`).digest('base64url')}`;
const signed = signedAs('cms');

describe('a client that passes too often', () => {
  it.each<[string, string, Record<string, string>]>([
    ['with a forged cookie', '/page', { cookie: 'open=1' }],
    ['with a forged token', '/page', { authorization: 'Bearer x' }],
    ['with a parameter of previews', '/page?a=1&PREVIEW%5Bid%5D=1', {}],
    ['with a header of previews', '/page', { 'x-preview': '1' }],
    ['under a key that nobody verifies with such a parameter', '/keyed?preview', { 'x-api-key': 'any' }],
    ['at an editor’s path', '/preview/x', {}],
    ['by a target that is read in two ways', '/a//b', {}],
    ['at a route that passes', '/live', {}],
    ['under a key that nobody verifies', '/fresh', { 'x-api-key': 'any' }],
    ['under such a key with a forged cookie', '/keyed', { 'x-api-key': 'any', cookie: 'open=1' }],
  ])(
    '%s gets 429 and when to come again, and the origin hears nothing of it',
    async (_how, path, headers) => {
      for (let i = 0; i < 2; i++) expect((await get(path, headers)).status).toBe(200);
      const limited = await get(path, headers);
      expect(limited.status).toBe(429);
      expect(limited.headers.get('retry-after')).toBe('180');
      expect(limited.headers.get('content-type')).toBe('application/problem+json');
      expect(sent.length).toBe(2);
      expect(lines.at(-1)).toMatchObject({ lane: 'reject', status: 429, code: 'ERR_RATE_LIMITED' });
      expect(new Set(clients)).toEqual(new Set(['2001:db8:0:0::/64']));
      // What comes from the cache is no pass, and another client is another.
      expect((await get('/page')).status).toBe(200);
    },
  );

  it('is not one whom nobody could forge: a validated editor, a switch, a route that is taken out, an unknown address', async () => {
    for (let i = 0; i < 4; i++) {
      expect((await get('/page', { cookie: `cms=${signed}` })).headers.get('x-auth-route')).toBe('true');
      expect((await get('/free/x')).status).toBe(200);
      expect((await get('/live', {}, null)).status).toBe(200);
    }
    switches = { cache: 'pass' };
    for (let i = 0; i < 4; i++) expect((await get('/page')).status).toBe(200);
    expect(clients).toEqual([]);
  });

  it('does not become an editor by a path or another cookie beside the one that is valid nowhere', async () => {
    for (let i = 0; i < 2; i++) await get('/preview/x', { cookie: 'cms=forged' });
    expect((await get('/preview/x', { cookie: 'cms=forged' })).status).toBe(429);
  });
});

describe('editors’ cookies by a pattern', () => {
  it.each([
    ['wp_a=forged', 1],
    ['wp_*=forged', 1],
    ['wp_a=forged; wp_b=forged; wp_*=forged', 3],
    [`wp_a=${signedAs('wp_a')}; wp_a=${signedAs('wp_a')}`, 1],
    // Signed for another cookie of the pattern.
    [`wp_a=${signedAs('wp_b')}`, 1],
  ])('%s is no editor, and is removed', async (cookie, refusedCookies) => {
    const answer = await get('/page', { cookie });
    expect([answer.headers.get('x-auth-route'), answer.headers.get('x-cache')]).toEqual([null, 'MISS']);
    expect(sent[0]?.headers.has('cookie')).toBe(false);
    expect(lines).toMatchObject([{ lane: 'public', refusedCookies }]);
  });

  it('each stands for itself: one that is valid passes without those that are not', async () => {
    const answer = await get('/page', { cookie: `wp_a=forged; wp_b=${signedAs('wp_b')}; wp_*=forged` });
    expect(answer.headers.get('x-auth-route')).toBe('true');
    expect(sent[0]?.headers.get('cookie')).toBe(`wp_b=${signedAs('wp_b')}`);
  });
});

describe('an editor’s cookie that cannot be judged', () => {
  it.each<[string, () => Promise<string | null>]>([
    ['the store is down', () => Promise.reject(new Error('down'))],
    ['there is no secret', async () => null],
    ['the secret is too short', async () => 'short'],
  ])('is as if it were not there: %s', async (_why, secret) => {
    changes = { secret };
    const answer = await get('/page', { cookie: `cms=${signed}; a=1` });
    expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'MISS']);
    expect(sent[0]?.headers.has('cookie')).toBe(false);
    expect(lines).toMatchObject([{ lane: 'public', refusedCookies: 1 }]);
  });
});
