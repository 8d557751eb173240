import { beforeEach, describe, expect, it } from 'vitest';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import { createRequestHandler } from '../../../src/request/handle-request.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryCache } from '../../../src/testing/memory-cache.ts';
import { memoryPlatform } from '../../../src/testing/memory-platform.ts';

const policy: Policy = compilePolicy({
  origins: { app: { backend: 'origin' } },
  providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
  scopes: { user: { claims: 'sub' } },
  routes: {
    mine: { path: '/mine', scope: 'user', graphql: true },
    fields: { path: '/fields', lane: 'public', graphql: { fields: { a: { ttlSeconds: 30 } } } },
    open: { path: '/open', lane: 'public', ttlSeconds: 60, graphql: { limits: { bodyBytes: 1000 } } },
  },
  limits: { betweenBytesTimeoutMs: 50 },
});
const QUERY = '{"query":"{ a }"}';

let lines: LogRecord[];
let asked: (OriginRequest & { text: string })[];
let purged: string[];
let cache: ReturnType<typeof memoryCache>;
let changes: Partial<Platform>;
let answer: () => Response;

beforeEach(() => {
  lines = [];
  asked = [];
  purged = [];
  changes = {};
  cache = memoryCache({ nowMs: 0 });
  answer = () => json('{"data":{"a":1}}');
});

function json(text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, {
    headers: { 'content-type': 'application/json', 'content-length': String(text.length), ...headers },
  });
}

const hinted = (hint: object) =>
  JSON.stringify({ data: { a: 1 }, extensions: { cacheControl: { version: 1, hints: [hint] } } });

function app() {
  const platform = memoryPlatform({
    fetchOrigin: async (request) => {
      asked.push({ ...request, text: await new Response(request.body as BodyInit | null).text() });
      return answer();
    },
    coreCache: cache.port,
    purge: (key) => void purged.push(key),
    log: (_, line) => void lines.push(JSON.parse(line)),
    ...changes,
  });
  return createRequestHandler(policy, routerOf(policy), platform);
}

/** `body`: whole, or the pieces in which it comes; after an `Error` nothing comes any more. */
function post(path: string, body: string | ReadableStream<Uint8Array>, headers: Record<string, string> = {}) {
  const length =
    typeof body === 'string'
      ? { 'content-length': String(Buffer.byteLength(body)) }
      : { 'transfer-encoding': 'chunked' };
  const all = new Headers({ host: 'www.test', 'content-type': 'application/json', ...length, ...headers });
  const stream = typeof body === 'string' ? new Response(body).body : body;
  const request = {
    method: 'POST',
    url: `http://www.test${path}`,
    headers: all,
    body: stream,
  } as unknown as Request;
  return { request, requestId: 'request-1', clientAddress: null, waitUntil: () => {}, vcpuMs: () => null };
}

describe('a POST to a GraphQL endpoint', () => {
  it('is asked of the origin once, as a POST made new', async () => {
    const handle = app();
    const first = await handle(
      post('/open', '{"query":"{ a }","x":1}', { cookie: 'a=b', 'accept-encoding': 'br, gzip' }),
    );
    const second = await handle(post('/open', '{"query":"{a}"}'));
    expect([first, second].map(({ headers }) => headers.get('x-cache'))).toEqual(['MISS', 'HIT']);
    expect(asked).toMatchObject([{ method: 'POST', text: QUERY, url: 'http://www.test/open' }]);
    // br could not be looked into.
    expect(asked[0]?.headers.get('accept-encoding')).toBe('gzip');
    expect(asked[0]?.headers.has('cookie')).toBe(false);
    expect(purged).toEqual([]);
  });

  it('of nobody is refused with not a byte of it read', async () => {
    const untouched = new ReadableStream<Uint8Array>(
      {
        pull() {
          throw new Error('it was read');
        },
      },
      { highWaterMark: 0 },
    );
    const refused = await app()(post('/mine', untouched));
    expect(refused.status).toBe(401);
    expect(untouched.locked).toBe(false);
    expect(asked).toEqual([]);
  });

  it('whose body is announced too long, or turns out to be, passes whole', async () => {
    const long = JSON.stringify({ query: `{ a } #${'x'.repeat(3000)}` });
    await app()(post('/open', long));
    const pieces = long.match(/[\s\S]{1,700}/g) ?? [];
    await app()(post('/open', streamOf(pieces)));
    await app()(post('/open', long, { 'content-length': '12' }));
    expect(asked.map(({ text }) => text)).toEqual([long, long, long]);
    expect(lines.map(({ reason }) => reason)).toEqual(Array(3).fill('graphql-unreadable'));
  });

  it('that is only observed is judged by the policy’s fields, and passes', async () => {
    changes = { config: () => (item) => (item === 'route.fields' ? 'observe' : null) };
    const answered = await app()(post('/fields', QUERY));
    expect(answered.headers.get('x-cache')).toBe('BYPASS');
    expect(lines).toMatchObject([
      { reason: 'switch-observe', observed: { lane: 'public', ttlSeconds: 30, detail: 'stored' } },
    ]);
    expect(purged).toEqual([]);
  });

  it('whose body stops coming is a 408', async () => {
    const handle = app();
    const stalled = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"query":')),
    });
    expect((await handle(post('/open', stalled))).status).toBe(408);
    expect(lines).toMatchObject([{ code: 'ERR_REQUEST_TIMEOUT' }]);
    expect(asked).toEqual([]);
  });

  it('without a cache that can look into answers passes', async () => {
    changes = { coreCache: null };
    const answered = await app()(post('/open', QUERY));
    expect(answered.headers.get('x-cache')).toBe('BYPASS');
    expect(lines).toMatchObject([{ lane: 'pass', reason: 'no-engine' }]);
    expect(asked).toMatchObject([{ method: 'POST', text: QUERY }]);
  });

  it('is never answered with a part of what is stored', async () => {
    const handle = app();
    await handle(post('/open', QUERY));
    const ranged = await handle(post('/open', QUERY, { range: 'bytes=0-1' }));
    expect([ranged.status, ranged.headers.get('x-cache'), await ranged.text()]).toEqual([
      200,
      'HIT',
      '{"data":{"a":1}}',
    ]);
  });

  it.each([
    ['an answer with errors', () => json('{"data":{"a":1},"errors":[{}]}'), 'graphql-errors'],
    ['an answer that is no JSON', () => json('<html>', { 'content-type': 'text/html' }), 'graphql-unseen'],
    ['an answer that forbids', () => json('{"data":{}}', { 'cache-control': 'no-store' }), 'no-store'],
    ['an answer that is private by its hints', () => json(hinted({ scope: 'PRIVATE' })), 'private'],
    ['an answer that is to live 0 seconds by its hints', () => json(hinted({ maxAge: 0 })), 'zero-ttl'],
    ['an answer with a cookie', () => json('{"data":{}}', { 'set-cookie': 'a=b' }), 'set-cookie'],
  ])('%s is not stored', async (_, answers, detail) => {
    answer = answers;
    const handle = app();
    for (let i = 0; i < 2; i++)
      expect((await handle(post('/open', QUERY))).headers.get('x-cache')).toBe('MISS');
    expect(lines.map((line) => line.detail)).toEqual([detail, detail]);
  });

  it('lives no longer than the smallest of its hints, and so long where nobody else says it', async () => {
    answer = () => json(hinted({ path: ['a'], maxAge: 7, scope: 'PUBLIC' }));
    const handle = app();
    await handle(post('/open', QUERY));
    await handle(post('/fields', '{"query":"{ b }"}'));
    expect(lines.map(({ ttlSeconds }) => ttlSeconds)).toEqual([7, 7]);
  });

  it('on a public endpoint only what may write empties it', async () => {
    const handle = app();
    await handle(post('/open', QUERY, { authorization: 'Bearer x' }));
    await handle(post('/open', '{"query":"subscription { a }"}'));
    expect(purged).toEqual([]);
    await handle(post('/open', '{"query":"mutation { a }"}'));
    expect(purged).toEqual(['url:www.test/open']);
  });
});

function streamOf(pieces: readonly string[]): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
}
