import { beforeEach, describe, expect, it } from 'vitest';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { createRequestHandler } from '../../../src/request/handle-request.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryCache } from '../../../src/testing/memory-cache.ts';
import { memoryPlatform } from '../../../src/testing/memory-platform.ts';

const policy = compilePolicy({
  origins: { app: { backend: 'origin', hostHeader: 'app.internal:8080' } },
  clientAddress: { headers: ['forwarded', 'x-forwarded-for'] },
  routes: { live: { path: '/live', lane: 'pass' } },
});
const SENT_BY_A_CLIENT = {
  forwarded: 'for=203.0.113.6;host=evil.example;proto=http',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'gopher',
  'x-forwarded-port': '1',
  x_forwarded_host: 'evil.example',
};

let sent: OriginRequest[];
let purged: string[];
let answer: () => Response;
let serve: (url: string, init?: RequestInit) => Promise<Response>;

beforeEach(() => {
  sent = [];
  purged = [];
  answer = () => new Response('page', { headers: { 'cache-control': 'max-age=60', 'content-length': '4' } });
  const platform = memoryPlatform({
    coreCache: memoryCache({ nowMs: 0 }).port,
    fetchOrigin: async (request) => {
      sent.push(request);
      return answer();
    },
    purge: (key) => void purged.push(key),
  });
  const app = createRequestHandler(policy, routerOf(policy), platform);
  serve = (url, init = {}) =>
    app({
      request: new Request(url, { ...init, headers: { ...SENT_BY_A_CLIENT, ...init.headers } }),
      requestId: 'request-1',
      clientAddress: '2001:db8::1',
      waitUntil: () => {},
      vcpuMs: () => null,
    });
});

/** What the origin was told of the URL. */
function told() {
  const { headers } = sent.at(-1) ?? { headers: new Headers() };
  return ['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'forwarded'].map((name) =>
    headers.get(name),
  );
}

describe('what an origin is told of the URL', () => {
  it('is the visitor’s on a cacheable lane, without an address, whatever a client sends', async () => {
    await serve('https://www.test/page');
    expect(told()).toEqual(['www.test', 'https', '443', 'host="www.test";proto=https']);
    await serve('http://www.test:8080/page');
    expect(told()).toEqual(['www.test:8080', 'http', '8080', 'host="www.test:8080";proto=http']);
    expect(sent.map(({ headers }) => headers.get('x-forwarded-for'))).toEqual([null, null]);
    expect(sent.map(({ headers }) => headers.get('host'))).toEqual([
      'app.internal:8080',
      'app.internal:8080',
    ]);
  });

  it('so it is on a pass and on a write, with the address in the same element of Forwarded', async () => {
    for (const [path, method] of [
      ['/live', 'GET'],
      ['/login', 'POST'],
    ] as const) {
      await serve(`https://www.test${path}`, { method });
      const forwarded = 'for="[2001:db8::1]";host="www.test";proto=https';
      expect(told()).toEqual(['www.test', 'https', '443', forwarded]);
      expect(sent.at(-1)?.headers.get('x-forwarded-for')).toBe('2001:db8::1');
      expect([...(sent.at(-1)?.headers.keys() ?? [])]).not.toContain('x_forwarded_host');
    }
  });

  it('a page with TLS and one without are two entries', async () => {
    const states = [];
    for (const url of ['https://www.test/a', 'http://www.test/a', 'https://www.test/a', 'http://www.test/a'])
      states.push((await serve(url)).headers.get('x-cache'));
    expect(states).toEqual(['MISS', 'MISS', 'HIT', 'HIT']);
  });
});

describe('a redirect to the origin’s own host', () => {
  it('is stored as one to the visitor’s, for each scheme and host by itself', async () => {
    answer = () =>
      new Response(null, {
        status: 301,
        headers: { location: 'http://app.internal:8080/new', 'cache-control': 'max-age=60' },
      });
    for (const base of ['https://www.test', 'http://www.test', 'https://shop.test'])
      for (const state of ['MISS', 'HIT']) {
        const { headers } = await serve(`${base}/old`);
        expect([headers.get('x-cache'), headers.get('location')]).toEqual([state, `${base}/new`]);
      }
  });

  it('invalidates the visitor’s URL behind a write, and no other host’s', async () => {
    answer = () =>
      new Response(null, {
        status: 303,
        headers: {
          location: 'http://app.internal:8080/posts/7',
          'content-location': 'http://app.internal/posts/8',
        },
      });
    const { headers } = await serve('https://www.test:443/posts', { method: 'POST' });
    expect(headers.get('location')).toBe('https://www.test/posts/7');
    expect(headers.get('content-location')).toBe('http://app.internal/posts/8');
    const posted = purged;
    purged = [];
    answer = () => new Response(null, { status: 303, headers: { location: '/posts/7' } });
    await serve('https://www.test/posts', { method: 'POST' });
    expect(posted).toEqual(purged);
    expect(posted).toHaveLength(2);
  });
});

it.each(['https://www.test./posts/7', 'HTTPS://WWW.test:443/posts/7', '//www.test/posts/7'])(
  'a write that names its own host as %s invalidates that URL',
  async (location) => {
    answer = () => new Response(null, { status: 303, headers: { location } });
    await serve('https://www.test/posts', { method: 'POST' });
    expect(purged).toHaveLength(2);
  },
);

describe('a trace that a stored response may not hold', () => {
  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
  const traced = compilePolicy({
    origins: { app: { backend: 'origin' } },
    routes: { page: { path: '/page', ttlSeconds: 60 } },
    forwardHeaders: ['traceparent', 'x-request-id'],
  });
  const echo = { traceresponse: `00-${TRACE}-b7ad6b7169203331-01` };

  /** What the cache says of each answer, the clock a minute and a half on between two of them. */
  async function states(answers: readonly (() => Response)[]): Promise<(string | null)[]> {
    let nowMs = 0;
    let asked = 0;
    const clock = {
      get nowMs() {
        return nowMs;
      },
    };
    const platform = memoryPlatform({
      nowMs: () => nowMs,
      coreCache: memoryCache(clock).port,
      fetchOrigin: async () => (answers[asked++] ?? (() => new Response(null, { status: 500 })))(),
    });
    const app = createRequestHandler(traced, routerOf(traced), platform);
    const found: (string | null)[] = [];
    for (const _ of [...answers, null]) {
      const { headers } = await app({
        request: new Request('https://www.test/page', {
          headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
        }),
        requestId: 'request-1',
        clientAddress: null,
        waitUntil: () => {},
        vcpuMs: () => null,
      });
      found.push(headers.get('cache-status'));
      nowMs += 20_000;
    }
    return found;
  }
  const page =
    (more: Record<string, string>, maxAge = 60) =>
    () =>
      new Response('page', {
        headers: { 'cache-control': `max-age=${maxAge}`, 'content-length': '4', etag: '"1"', ...more },
      });

  it('is not stored', async () => {
    expect(await states([page(echo), page({})])).toEqual([
      expect.stringContaining('detail=forwarded-echo'),
      expect.stringContaining('stored'),
      expect.stringContaining('hit'),
    ]);
  });

  it('so it is where the answer renews what is stored', async () => {
    const renewed = () =>
      new Response(null, { status: 304, headers: { 'cache-control': 'max-age=60', ...echo } });
    expect(await states([page({}, 10), renewed, page({})])).toEqual([
      expect.stringContaining('stored'),
      expect.stringContaining('detail=forwarded-echo'),
      expect.stringContaining('stored'),
      expect.stringContaining('hit'),
    ]);
  });
});
