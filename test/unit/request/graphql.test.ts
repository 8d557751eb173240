import { createHash } from 'node:crypto';
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
    todos: {
      path: '/todos',
      lane: 'public',
      ttlSeconds: 60,
      graphql: {
        entities: { Todo: 'id' },
        mutations: { add: ['List'], touch: ['Page'], '*': ['Every'] },
      },
    },
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

  it('on a public endpoint nothing empties it but what the policy, or an answer, names', async () => {
    const handle = app();
    await handle(post('/open', QUERY, { authorization: 'Bearer x' }));
    await handle(post('/open', '{"query":"subscription { a }"}'));
    await handle(post('/open', '{"query":"mutation { a }"}'));
    await handle(post('/open', '[{"query":"mutation { a }"}]'));
    await handle(post('/open', 'no JSON'));
    expect(purged).toEqual([]);
    await handle(post('/open', QUERY));
    expect((await handle(post('/open', QUERY))).headers.get('x-cache')).toBe('HIT');
  });
});

describe('a mutation on an endpoint with entities', () => {
  const mutation = (text: string, headers: Record<string, string> = {}) =>
    app()(post('/todos', JSON.stringify({ query: text, extra: [1] }), headers));
  const text = () => asked.at(-1)?.text ?? '';
  /** The answer of a server to what it was asked, by the names that the edge has given. */
  const named = (type: string, id: string) => {
    const [mark = ''] = /cc[0-9a-f]{12}/.exec(text()) ?? [];
    return `"${mark}t":"${type}","${mark}i0_1":"${id}"`;
  };

  it('purges what its answer names, and what the policy says of its fields', async () => {
    answer = () => json(`{"data":{"add":{${named('Todo', '7')},"mine":"7"},"touch":null}}`);
    const response = await mutation('mutation { add { mine: id } touch }');
    expect(await response.text()).toBe('{"data":{"add":{"mine":"7"},"touch":null}}');
    expect(purged).toEqual(['type:Every', 'type:List', 'type:Page', 'type:Todo:7', 'type:Todo:~']);
    expect(JSON.parse(text())).toMatchObject({ extra: [1] });
  });

  it.each([
    ['has failed', '{"errors":[{}],"data":{"add":null}}', 200],
    ['is not valid', '{"errors":[{}]}', 200],
    ['is refused', '{"data":{"add":{"__typename":"Todo","id":"7"}}}', 403],
    ['made the origin fail', '{"data":{"add":{"__typename":"Todo","id":"7"}}}', 500],
  ])('that %s purges nothing', async (_, body, status) => {
    answer = () => new Response(body, { status, headers: { 'content-type': 'application/json' } });
    await mutation('mutation { add { __typename id } }');
    expect(purged).toEqual([]);
  });

  it('of two fields purges for the one that was made', async () => {
    answer = () => json('{"errors":[{}],"data":{"add":{"__typename":"Todo","id":"7"},"touch":null}}');
    await mutation('mutation { add { __typename id } touch }');
    expect(purged).toEqual(['type:Every', 'type:List', 'type:Todo:7', 'type:Todo:~']);
  });

  it('purges no more entities than the limit', async () => {
    const todos = Array.from({ length: 500 }, (_, id) => `{"__typename":"Todo","id":"${id}"}`);
    answer = () => json(`{"data":{"many":[${todos}]}}`);
    await mutation('mutation { many { __typename id } }');
    expect(purged).toHaveLength(100 + 2);
    expect(purged).not.toContain('type:Todo');
  });

  it('whose body is signed goes out as it came', async () => {
    answer = () => json('{"data":{"add":{"mine":"7"}}}');
    const body = 'mutation { add { mine: id } }';
    await mutation(body, { 'content-digest': 'sha-256=:x:' });
    expect(text()).toBe(JSON.stringify({ query: body, extra: [1] }));
  });

  it('that is a batch, or cannot be read, purges what the policy says of any', async () => {
    answer = () => json('[{"data":{"add":{"__typename":"Todo","id":"7"}}}]');
    await app()(post('/todos', '[{"query":"mutation { add { __typename id } }"}]'));
    expect(purged).toEqual(['type:Every']);
  });
});

describe('a query on an endpoint with entities', () => {
  it('is asked again as it came where its answer is too long to take anything out of it', async () => {
    const long = JSON.stringify({ data: { todo: { title: 'x'.repeat(300_000) } } });
    answer = () => json(long);
    const response = await app()(post('/todos', '{"query":"{ todo { title } }"}'));
    expect(await response.text()).toBe(long);
    expect(asked.map(({ text }) => text.includes('__typename'))).toEqual([true, false]);
    expect(lines.map(({ detail }) => detail)).toEqual(['graphql-unseen']);
  });

  describe('whose objects have no id in it', () => {
    const TODOS = '{"query":"{ todos { title } }"}';
    /** As a server would answer what it is asked. */
    const served = (ids: readonly number[]) => () => {
      const { query } = JSON.parse(asked.at(-1)?.text ?? '{}') as { query: string };
      const [, t = 'x'] = /(cc\w+t):__typename/.exec(query) ?? [];
      const [, i = 'y'] = /\.\.\. on Todo \{ (cc\w+):id \}/.exec(query) ?? [];
      const todos = ids.map((id) => ({
        ...(query.includes('cc') && { [t]: 'Todo' }),
        ...(query.includes('on Todo') && { [i]: id }),
        title: `title ${id}`,
      }));
      return json(JSON.stringify({ data: { todos } }));
    };
    const PLAIN = '{"data":{"todos":[{"title":"title 1"},{"title":"title 2"}]}}';
    const miss = async (handle: ReturnType<typeof app>, purge: string) => {
      cache.purge(purge);
      const response = await handle(post('/todos', TODOS));
      expect(response.headers.get('x-cache')).toBe('MISS');
      return response.text();
    };

    it('is asked for them once its answer has shown what they are, and is then purged by one alone', async () => {
      answer = () => served([1, 2])();
      const handle = app();
      expect(await miss(handle, 'none')).toBe(PLAIN);
      expect(asked[0]?.text).not.toContain('on Todo');
      expect(await miss(handle, 'type:Todo:~')).toBe(PLAIN);
      expect(asked[1]?.text).toContain('on Todo');
      for (const key of ['type:Todo:3', 'type:Todo:~']) {
        cache.purge(key);
        expect((await handle(post('/todos', TODOS))).headers.get('x-cache')).toBe('HIT');
      }
      expect(await miss(handle, 'type:Todo:2')).toBe(PLAIN);
      // Another sandbox knows it too.
      cache.purge('type:Todo:1');
      expect(await (await app()(post('/todos', TODOS))).text()).toBe(PLAIN);
      expect(asked.at(-1)?.text).toContain('on Todo');
    });

    it('is asked for them by its text where a client sends its hash alone', async () => {
      answer = () => served([1, 2])();
      const handle = app();
      const text = '{ todos { title } }';
      const extensions = {
        persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(text).digest('hex') },
      };
      await handle(post('/todos', JSON.stringify({ query: text, extensions })));
      const response = await handle(post('/todos', JSON.stringify({ extensions })));
      expect([response.headers.get('x-cache'), await response.text()]).toEqual(['MISS', PLAIN]);
      const sent = JSON.parse(asked.at(-1)?.text ?? '{}');
      expect(sent.query).toContain('on Todo');
      expect(sent.extensions.persistedQuery.sha256Hash).toBe(
        createHash('sha256').update(sent.query).digest('hex'),
      );
    });

    it.each<[string, () => Response]>([
      ['400', () => new Response('no such type', { status: 400, headers: { 'content-type': 'text/plain' } })],
      ['errors without data', () => json('{"errors":[{"message":"Fragment cannot be spread here"}]}')],
      [
        'an error at the id',
        () => {
          const [, alias] = /\.\.\. on Todo \{ (cc\w+):id \}/.exec(asked.at(-1)?.text ?? '') ?? [];
          return json(JSON.stringify({ data: { todos: null }, errors: [{ path: ['todos', 0, alias] }] }));
        },
      ],
    ])('gets its own answer where the origin refuses them, by %s', async (_, refusal) => {
      answer = () => ((asked.at(-1)?.text ?? '').includes('on Todo') ? refusal() : served([1, 2])());
      const handle = app();
      await miss(handle, 'none');
      expect(await miss(handle, 'type:Todo:~')).toBe(PLAIN);
      expect(asked).toHaveLength(3);
      // From then on the origin is asked for nothing more, by any sandbox.
      expect(await miss(handle, 'type:Todo:~')).toBe(PLAIN);
      expect(await miss(app(), 'type:Todo:~')).toBe(PLAIN);
      expect(asked).toHaveLength(5);
      expect(asked.filter(({ text }) => text.includes('on Todo'))).toHaveLength(1);
    });
  });

  it('by GET is asked for with what was added, and keyed without', async () => {
    const request = { ...post('/todos?v=1&query=%7Btodo%7Btitle%7D%7D', ''), hasBody: false };
    const headers = new Headers({ host: 'www.test' });
    const get = { method: 'GET', url: request.request.url, headers, body: null } as unknown as Request;
    answer = () => json('{"data":{"todo":null}}');
    const handle = app();
    for (const state of ['MISS', 'HIT'])
      expect((await handle({ ...request, request: get })).headers.get('x-cache')).toBe(state);
    const [{ url = '' } = {}] = asked;
    expect(new URL(url).searchParams.get('v')).toBe('1');
    expect(new URL(url).searchParams.get('query')).toMatch(/^\{todo\{ cc[0-9a-f]{12}t:__typename title\}\}$/);
  });

  it('an answer that is cut off is none', async () => {
    answer = () =>
      new Response('{"data":{"todo":null}}', {
        headers: { 'content-type': 'application/json', 'content-length': '40' },
      });
    const response = await app()(post('/todos', '{"query":"{ todo { title } }"}'));
    expect(response.status).toBeGreaterThanOrEqual(500);
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
