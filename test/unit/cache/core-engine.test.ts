import { beforeEach, describe, expect, it } from 'vitest';
import type {
  CacheResult,
  CacheTask,
  EvaluateResponse,
  ReceivedHead,
  TaskCalls,
} from '../../../src/cache/cache-engine.ts';
import { createCoreEngine } from '../../../src/cache/core/core-engine.ts';
import { freshness } from '../../../src/cache/freshness/freshness.ts';
import type { FreshnessDecision } from '../../../src/cache/freshness/freshness-decision.ts';
import type { Encoding } from '../../../src/http/accept-encoding.ts';
import type { CoreInsert } from '../../../src/platform/core-cache-port.ts';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';
import { memoryCache } from '../../../src/testing/memory-cache.ts';
import { policy } from '../support/pipeline.ts';

const START_MS = Date.UTC(2026, 0, 1);
let clock: { nowMs: number };
let cache: ReturnType<typeof memoryCache>;
let asked: OriginRequest[];
let answer: (request: OriginRequest, n: number) => Response | Promise<Response>;
let background: Promise<unknown>[];
let failures: unknown[];
let cuts: number;

beforeEach(() => {
  clock = { nowMs: START_MS };
  cache = memoryCache(clock);
  asked = [];
  background = [];
  failures = [];
  cuts = 0;
  answer = (_, n) => page(`page ${n}`);
});

const page = (body: string, headers: Record<string, string> = {}, status = 200) =>
  new Response(body, {
    status,
    headers: {
      'cache-control': 'private, max-age=60',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    },
  });

const engine = () =>
  createCoreEngine({
    cache: cache.port,
    fetchOrigin: async (request) => {
      asked.push(request);
      return answer(request, asked.length);
    },
    nowMs: () => clock.nowMs,
    cutOff: () => void cuts++,
    sleepMs: async (ms) => {
      clock.nowMs += ms;
    },
  });

/** A task, and what it asks of whoever gives it. */
type Changes = Partial<CacheTask> & Partial<TaskCalls>;

const evaluateHead = ({ status, headers, requestedAtMs }: ReceivedHead): FreshnessDecision =>
  freshness({
    lane: 'scoped',
    shared: false,
    rule: policy.fallback.freshness,
    path: '/',
    status,
    headers,
    nowMs: clock.nowMs,
    requestedAtMs,
    tokenExpiresAtSeconds: null,
  });

function given({ originRequest, evaluate, ...changes }: Changes): [CacheTask, TaskCalls] {
  const task: CacheTask = {
    cacheKey: 'key',
    fingerprint: 'alice',
    surrogateKeys: ['user:42'],
    sentinelKeys: ['user:42'],
    inspectBytes: null,
    encoding: 'br, gzip',
    sent: new Headers(),
    forwarded: [],
    bufferBytes: 1000,
    betweenBytesTimeoutMs: 1000,
    collapseTimeoutMs: 200,
    ...changes,
  };
  const request = () => ({
    backend: 'origin',
    method: 'GET',
    url: 'http://www.test/',
    headers: new Headers({ 'accept-encoding': task.encoding }),
    body: null,
  });
  const byHead = evaluateHead as EvaluateResponse;
  return [task, { originRequest: originRequest ?? request, evaluate: evaluate ?? byHead }];
}

/** As `get`, and the body is not read. */
async function get0(changes: Changes = {}): Promise<CacheResult> {
  const result = await engine().fetch(...given(changes));
  if (result.background !== undefined) {
    background.push(
      result.background.then((error) => {
        if (error !== null) failures.push(error);
      }),
    );
  }
  return result;
}

async function get(changes: Changes = {}) {
  const result = await get0(changes);
  return { ...result, text: await textOf(result) };
}
async function textOf({ body }: CacheResult): Promise<string> {
  return body === null ? '' : new Response((await body.open()) as BodyInit).text();
}

/** A body that a test writes piece by piece. */
function pausable() {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const stream = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
  });
  return {
    stream,
    send: (text: string) => controller.enqueue(new TextEncoder().encode(text)),
    end: () => controller.close(),
    breakOff: () => controller.error(new Error('reset')),
  };
}

const unannouncedStream = (stream: ReadableStream<Uint8Array>, type = 'text/plain') =>
  new Response(stream as BodyInit, {
    headers: { 'cache-control': 'private, max-age=60', 'content-type': type },
  });

async function readerOf({ body }: CacheResult) {
  if (body === null) throw new Error('no body');
  const reader = ((await body.open()) as ReadableStream<Uint8Array>).getReader();
  const next = async () => {
    const { value } = await reader.read();
    return value === undefined ? null : new TextDecoder().decode(value);
  };
  return {
    next,
    async rest() {
      let text = '';
      for (let piece = await next(); piece !== null; piece = await next()) text += piece;
      return text;
    },
  };
}

describe('the core engine', () => {
  it('a first request is a MISS that is stored, the next one a HIT that ages', async () => {
    expect(await get()).toMatchObject({ state: 'MISS', stored: true, ttlSeconds: 60, text: 'page 1' });
    clock.nowMs += 10_000;
    expect(await get()).toMatchObject({ state: 'HIT', ageSeconds: 10, ttlSeconds: 50, text: 'page 1' });
    expect(asked).toHaveLength(1);
  });

  it('of concurrent first requests one asks the origin', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => get()));
    expect(results.map(({ text }) => text)).toEqual(Array(10).fill('page 1'));
    expect(asked).toHaveLength(1);
  });

  it('concurrent requests for what may not be stored get an answer each', async () => {
    answer = (_, n) => page(`page ${n}`, { 'cache-control': 'no-store' });
    const results = await Promise.all(Array.from({ length: 10 }, () => get()));
    expect(new Set(results.map(({ text }) => text)).size).toBe(10);
    expect(results.every(({ state, stored }) => state === 'MISS' && !stored)).toBe(true);
  });

  it('what can be stored again takes the place of the marker', async () => {
    answer = () => page('never', { 'cache-control': 'no-store' });
    await get();
    answer = () => page('now');
    expect(await get()).toMatchObject({ state: 'MISS', stored: true });
    expect(await get()).toMatchObject({ state: 'HIT', text: 'now' });
  });

  it('a request that has waited long enough goes to the origin itself', async () => {
    let open = () => {};
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    answer = async (_, n) => {
      if (n === 1) await held;
      return page(`page ${n}`);
    };
    const first = get();
    expect(await get({ collapseTimeoutMs: 20 })).toMatchObject({
      state: 'BYPASS',
      detail: 'collapse-timeout',
      text: 'page 2',
    });
    open();
    expect(await first).toMatchObject({ state: 'MISS' });
  });

  it('stale while it is revalidated, once, then fresh', async () => {
    answer = (_, n) =>
      page(`page ${n}`, { 'cache-control': 'private, max-age=60, stale-while-revalidate=30' });
    await get();
    clock.nowMs += 70_000;
    expect(await get()).toMatchObject({ state: 'STALE', detail: 'while-revalidate', text: 'page 1' });
    await Promise.all(background);
    expect(await get()).toMatchObject({ state: 'HIT', text: 'page 2' });
  });

  it.each([
    ['answers 500', () => page('down', { 'cache-control': 'max-age=60' }, 500), 'answered 500'],
    ['cannot be reached', () => Promise.reject(new Error('connection refused')), 'refused'],
  ])(
    'a refresh whose origin %s is told to the log, and the next request tries again',
    async (_, failing, why) => {
      answer = (_, n) =>
        page(`page ${n}`, { 'cache-control': 'private, max-age=60, stale-while-revalidate=300' });
      await get();
      clock.nowMs += 70_000;
      answer = failing;
      await get();
      await Promise.all(background);
      expect(failures).toMatchObject([
        { code: 'ERR_ORIGIN_UNREACHABLE', cause: { message: expect.stringContaining(why) } },
      ]);
      answer = (_, n) => page(`page ${n}`);
      expect(await get()).toMatchObject({ state: 'STALE', text: 'page 1' });
      await Promise.all(background);
      expect(await get()).toMatchObject({ state: 'HIT', text: 'page 3' });
    },
  );

  it('beyond its staleness it is asked for anew', async () => {
    await get();
    clock.nowMs += 61_000;
    expect(await get()).toMatchObject({ state: 'MISS', text: 'page 2' });
  });

  it.each([
    ['answers 503', () => page('down', { 'cache-control': 'max-age=60' }, 503)],
    ['cannot be reached', () => Promise.reject(new Error('connection refused'))],
  ])('stale where the origin %s, for as long as the response said', async (_, failing) => {
    answer = () => page('good', { 'cache-control': 'private, max-age=60, stale-if-error=100' });
    await get();
    answer = failing;
    clock.nowMs += 70_000;
    expect(await get()).toMatchObject({ state: 'STALE', detail: 'if-error', text: 'good' });
    clock.nowMs += 100_000;
    const later = await get().catch((error: { code: string }) => error.code);
    expect(later === 'ERR_ORIGIN_UNREACHABLE' || (later as CacheResult).status === 503).toBe(true);
  });

  it('an origin that cannot be reached is a 502, a slow one a 504, and nothing is stored', async () => {
    answer = () => Promise.reject(new Error('connection refused'));
    await expect(get()).rejects.toMatchObject({ code: 'ERR_ORIGIN_UNREACHABLE' });
    answer = () => Promise.reject(new Error('timed out'));
    await expect(get()).rejects.toMatchObject({ code: 'ERR_ORIGIN_TIMEOUT' });
    answer = () => page('back');
    expect(await get()).toMatchObject({ state: 'MISS', text: 'back' });
  });

  it('a 304 that forbids to keep it ends the collapsing: nobody queues behind a copy that cannot be renewed', async () => {
    answer = () => page('page', { 'cache-control': 'private, max-age=1', etag: '"1"' });
    await get();
    clock.nowMs += 2000;
    answer = ({ headers }) =>
      headers.get('if-none-match') === null
        ? page('page', { 'cache-control': 'no-store' })
        : new Response(null, { status: 304, headers: { 'cache-control': 'no-store', etag: '"1"' } });
    expect(await get()).toMatchObject({ state: 'MISS', detail: 'no-store', stored: false, text: 'page' });
    asked = [];
    const results = await Promise.all(Array.from({ length: 5 }, () => get()));
    expect(results.map(({ text }) => text)).toEqual(Array(5).fill('page'));
    // The marker stands: each asks for itself, at once.
    expect(asked.every(({ headers }) => headers.get('if-none-match') === null)).toBe(true);
  });

  it('whoever has waited long enough for a refresh gets the stale copy, where errors may be served so', async () => {
    answer = () => page('old', { 'cache-control': 'private, max-age=1, stale-if-error=600' });
    await get();
    clock.nowMs += 5000;
    let release = (_: Response) => {};
    answer = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const first = get();
    await Promise.resolve();
    const others = await Promise.all(Array.from({ length: 3 }, () => get()));
    for (const other of others)
      expect(other).toMatchObject({ state: 'STALE', detail: 'if-error', text: 'old' });
    expect(asked).toHaveLength(2);
    release(page('new'));
    expect(await first).toMatchObject({ state: 'MISS', text: 'new' });
  });

  it('a 204 with the type of JSON is whole', async () => {
    const headers = { 'content-type': 'application/json', 'cache-control': 'private, max-age=60' };
    answer = () => new Response(null, { status: 204, headers });
    expect(await get()).toMatchObject({ status: 204, stored: true, body: null });
    expect(await get()).toMatchObject({ status: 204, state: 'HIT' });
  });

  it('surrogate keys beyond what the platform takes are left out, the origin’s last ones first', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => `key-${i}`).join(' ');
    answer = () => page('tagged', { 'surrogate-key': many });
    expect(await get()).toMatchObject({ stored: true });
    cache.purge('key-0');
    expect(await get()).toMatchObject({ state: 'MISS' });
    cache.purge('user:42');
    expect(await get()).toMatchObject({ state: 'MISS' });
  });

  it('a validator renews what is stored', async () => {
    answer = () => page('one', { etag: '"a"', 'x-version': '1' });
    await get();
    clock.nowMs += 70_000;
    answer = ({ headers }) => {
      expect(headers.get('if-none-match')).toBe('"a"');
      return new Response(null, {
        status: 304,
        headers: { etag: '"a"', 'cache-control': 'private, max-age=90', 'x-version': '2' },
      });
    };
    const renewed = await get();
    expect(renewed).toMatchObject({
      state: 'MISS',
      detail: 'revalidated',
      status: 200,
      text: 'one',
      ttlSeconds: 90,
    });
    expect(renewed.headers.get('x-version')).toBe('2');
    expect(await get()).toMatchObject({ state: 'HIT', text: 'one', ttlSeconds: 90 });
  });

  it('a body that ends early is an error, and nothing of it is kept', async () => {
    answer = () => page('half', { 'content-length': '8' });
    await expect(get()).rejects.toMatchObject({ code: 'ERR_ORIGIN_UNREACHABLE' });
    answer = () => page('whole');
    expect(await get()).toMatchObject({ state: 'MISS', text: 'whole' });
  });

  it('a body without a length is kept unless it shows that it was cut off', async () => {
    const unannounced = (body: string, type: string) => {
      const response = page(body, { 'content-type': type });
      response.headers.delete('content-length');
      return response;
    };
    for (const [body, type, stored] of [
      ['{"a":1}', 'application/json', true],
      ['{"a":', 'application/json', false],
      ['<html><p>x</html>', 'text/html', true],
      ['<html><p>x', 'text/html', false],
      ['<p>x', 'text/html', true],
      ['x', 'text/plain', true],
    ] as const) {
      answer = () => unannounced(body, type);
      expect(await get({ cacheKey: body })).toMatchObject({
        stored,
        text: body,
        detail: stored ? 'stored' : 'incomplete',
      });
    }
  });

  it('a body without a length goes out as it comes, to who fetches it and to who asks meanwhile', async () => {
    const held = pausable();
    answer = () => unannouncedStream(held.stream);
    held.send('one ');
    const first = await get0();
    expect(first).toMatchObject({ state: 'MISS', detail: 'streaming', stored: false });
    const reader = await readerOf(first);
    expect(await reader.next()).toBe('one ');
    const second = await get0();
    expect(second.state).toBe('HIT');
    const follower = await readerOf(second);
    expect(await follower.next()).toBe('one ');
    held.send('two');
    held.end();
    for (const one of [reader, follower]) expect(await one.rest()).toBe('two');
    await Promise.all(background);
    expect(await get()).toMatchObject({ state: 'HIT', text: 'one two' });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['breaks off', (held: ReturnType<typeof pausable>) => held.breakOff(), 'text/plain'],
    ['shows that it is not whole', (held: ReturnType<typeof pausable>) => held.end(), 'application/json'],
    ['falls silent for too long', () => {}, 'text/plain'],
    [
      'is longer than is kept',
      (held: ReturnType<typeof pausable>) => held.send('x'.repeat(1_100_000)),
      'text/plain',
    ],
  ])('a body without a length that %s is no HIT afterwards', async (_, then, type) => {
    const held = pausable();
    answer = () => unannouncedStream(held.stream, type);
    held.send('[1,');
    await get0({ betweenBytesTimeoutMs: 100 });
    then(held);
    await Promise.all(background);
    clock.nowMs += 2000;
    answer = () => page('whole');
    expect(await get()).toMatchObject({ state: 'MISS', text: 'whole' });
  });

  it('whoever reads along is cut off with it, and whoever waits for its first bytes asks again', async () => {
    const held = pausable();
    answer = () => unannouncedStream(held.stream);
    held.send('one ');
    const readers = [await readerOf(await get0()), await readerOf(await get0())];
    for (const reader of readers) expect(await reader.next()).toBe('one ');
    held.breakOff();
    await Promise.all(background);
    for (const reader of readers) await expect(reader.rest()).rejects.toThrow();
    expect(cuts).toBe(2);

    clock.nowMs += 2;
    const silent = pausable();
    answer = () => unannouncedStream(silent.stream);
    await get0();
    const waiting = (await get0()).body?.open();
    silent.breakOff();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_ORIGIN_UNREACHABLE' });
    expect(cuts).toBe(2);
  });

  it('a body without a length that breaks off at once is an error', async () => {
    const held = pausable();
    answer = () => unannouncedStream(held.stream);
    held.send('one ');
    held.breakOff();
    await expect(get0()).rejects.toMatchObject({ code: 'ERR_ORIGIN_UNREACHABLE' });
    clock.nowMs += 2;
    answer = () => page('whole');
    expect(await get()).toMatchObject({ state: 'MISS', text: 'whole' });
  });

  it('a purge in the very moment in which a body without a length begins to be stored is not missed', async () => {
    const held = pausable();
    answer = () => unannouncedStream(held.stream);
    held.send('before');
    const { transaction } = cache.port;
    cache.port.transaction = async (...args) => {
      const entry = await transaction(...args);
      if (entry === null) return null;
      const insertAndStreamBack = (options: CoreInsert) => {
        cache.purge('user:42');
        return entry.insertAndStreamBack(options);
      };
      return { ...entry, insertAndStreamBack };
    };
    const first = await get0();
    expect(first).toMatchObject({ state: 'MISS', stored: false, detail: 'purged-meanwhile' });
    // Whoever had found it gets none of it.
    const reader = await readerOf(first);
    expect(await reader.next()).toBe('before');
    cache.port.transaction = transaction;
    clock.nowMs += 2;
    answer = () => page('after');
    expect(await get()).toMatchObject({ state: 'MISS', text: 'after' });
    held.end();
  });

  it('events are handed on and never stored', async () => {
    const held = pausable();
    answer = () => unannouncedStream(held.stream, 'text/event-stream;charset=utf-8');
    held.send('data: 1');
    const first = await get0();
    expect(first).toMatchObject({ state: 'MISS', stored: false, detail: 'event-stream' });
    expect(await (await readerOf(first)).next()).toBe('data: 1');
    answer = () => page('data', { 'content-type': 'multipart/x-mixed-replace; boundary=a' });
    expect(await get({ cacheKey: 'frames' })).toMatchObject({ detail: 'event-stream' });
    held.end();
  });

  it('a HIT tells of the fields that its response varies on and the origin could not see, and of none where there are none', async () => {
    answer = () => page('one', { vary: 'Accept-Encoding, X-Inertia' });
    await get();
    expect(await get()).toMatchObject({ state: 'HIT', unkeyedVary: ['x-inertia'] });
    answer = () => page('two', { vary: 'Accept-Encoding, Cookie' });
    await get({ cacheKey: 'other' });
    expect(await get({ cacheKey: 'other' })).not.toHaveProperty('unkeyedVary');
  });

  it('behind a marker who sends such a field is told without asking the origin, and others ask', async () => {
    answer = (_, n) => page(`page ${n}`, { 'cache-control': 'no-store', vary: 'X-Inertia' });
    await get();
    expect(await get({ sent: new Headers({ 'x-inertia': 'true' }) })).toMatchObject({
      state: 'BYPASS',
      detail: 'vary-unkeyed',
      unkeyedVary: ['x-inertia'],
    });
    expect(asked).toHaveLength(1);
    expect(await get()).toMatchObject({ state: 'MISS', text: 'page 2' });
  });

  it('a large body is streamed, and comes whole from the cache', async () => {
    const large = 'x'.repeat(5000);
    answer = () => page(large);
    const first = await get0();
    await Promise.all(background);
    expect(first).toMatchObject({ state: 'MISS', stored: true });
    expect((await get()).text).toBe(large);
  });

  it('a large body that breaks off is taken out', async () => {
    answer = () => page('x'.repeat(5000), { 'content-length': '6000' });
    await expect(get0()).rejects.toMatchObject({ code: 'ERR_ORIGIN_UNREACHABLE' });
    await Promise.all(background);
    clock.nowMs += 2;
    answer = () => page('whole');
    expect(await get()).toMatchObject({ state: 'MISS', text: 'whole' });
  });

  it('encodings are variants', async () => {
    const as = (encoding: Encoding) => ({ encoding });
    answer = ({ headers }) => page(String(headers.get('accept-encoding')), { vary: 'Accept-Encoding' });
    expect(await get(as('br'))).toMatchObject({ state: 'MISS', text: 'br' });
    expect(await get(as('gzip'))).toMatchObject({ state: 'MISS', text: 'gzip' });
    expect(await get(as('br'))).toMatchObject({ state: 'HIT', text: 'br' });
  });
});

describe('a response whose body decides too', () => {
  let seen: (string | null)[];
  const byBody = async (head: ReceivedHead, bytes: Uint8Array | null): Promise<FreshnessDecision> => {
    const text = bytes === null ? null : new TextDecoder().decode(bytes);
    seen.push(text);
    const verdict = evaluateHead(head);
    if (text === null || text.includes('errors')) {
      return { ...verdict, store: false, ttlSeconds: 0, reason: 'graphql-errors' };
    }
    return { ...verdict, ttlSeconds: 7, originSurrogateKeys: ['type:Todo'] };
  };
  const evaluate = ((head: ReceivedHead, body?: Uint8Array | null) =>
    body === undefined ? evaluateHead(head) : byBody(head, body)) as EvaluateResponse;
  const inspected = (changes: Changes = {}): Changes => ({ inspectBytes: 1500, evaluate, ...changes });
  beforeEach(() => {
    seen = [];
  });

  it('is stored as the body says: with its lifetime and its keys', async () => {
    expect(await get(inspected())).toMatchObject({
      state: 'MISS',
      stored: true,
      ttlSeconds: 7,
      text: 'page 1',
    });
    expect(await get(inspected())).toMatchObject({ state: 'HIT', text: 'page 1' });
    // Of a hit the body is not looked at again.
    expect(seen).toEqual(['page 1']);
    cache.purge('type:Todo');
    expect(await get(inspected())).toMatchObject({ state: 'MISS', text: 'page 2' });
  });

  it('is handed on and not stored where the body forbids, until it no longer does', async () => {
    answer = (_, n) => page(`errors ${n}`);
    expect(await get(inspected())).toMatchObject({
      stored: false,
      detail: 'graphql-errors',
      text: 'errors 1',
    });
    expect(await get(inspected())).toMatchObject({
      stored: false,
      detail: 'graphql-errors',
      text: 'errors 2',
    });
    answer = () => page('well again');
    expect(await get(inspected())).toMatchObject({ stored: true, ttlSeconds: 7 });
    expect(await get(inspected())).toMatchObject({ state: 'HIT', text: 'well again' });
  });

  it('that its headers forbid to keep is no longer waited for, for as long as any other', async () => {
    answer = () => page('private', { 'cache-control': 'no-store' });
    expect(await get(inspected())).toMatchObject({ stored: false, detail: 'no-store' });
    clock.nowMs += 9000;
    const beforeMs = clock.nowMs;
    let both = () => {};
    const bothAsked = new Promise<void>((resolve) => {
      both = resolve;
    });
    answer = async (_, n) => {
      if (n === 3) both();
      await bothAsked;
      return page('private', { 'cache-control': 'no-store' });
    };
    await Promise.all([get(inspected()), get(inspected())]);
    // Waiting moves this clock.
    expect(clock.nowMs).toBe(beforeMs);
  });

  it('that is longer than can be looked into comes whole and is not stored, announced or not', async () => {
    const long = 'x'.repeat(100_000);
    for (const announced of [true, false]) {
      const cacheKey = String(announced);
      answer = () =>
        announced ? page(long) : new Response(long, { headers: { 'cache-control': 'private, max-age=60' } });
      expect(await get(inspected({ cacheKey }))).toMatchObject({ stored: false, text: long });
      expect(await get(inspected({ cacheKey }))).toMatchObject({ state: 'MISS', text: long });
    }
  });

  it('that is longer than can be looked into is not stored behind a marker either', async () => {
    const within = inspected({ bufferBytes: 100_000 });
    answer = () => page('errors');
    await get(within);
    const long = 'x'.repeat(2000);
    answer = () => page(long);
    expect(await get(within)).toMatchObject({ stored: false, detail: 'behind-marker', text: long });
    expect(seen).toEqual(['errors']);
  });

  it('takes the place of a stale one that the body forbids to keep', async () => {
    await get(inspected());
    clock.nowMs += 8000;
    answer = () => page('errors');
    expect(await get(inspected())).toMatchObject({ state: 'MISS', text: 'errors' });
    clock.nowMs += 2000;
    answer = () => page('well again');
    expect(await get(inspected())).toMatchObject({ state: 'MISS', text: 'well again' });
  });

  it('is asked for whole each time: a 304 would say nothing of what is in it', async () => {
    answer = (_, n) => page(`page ${n}`, { etag: '"a"' });
    await get(inspected());
    clock.nowMs += 8000;
    expect(await get(inspected())).toMatchObject({ state: 'MISS', text: 'page 2' });
    expect(asked.map(({ headers }) => headers.get('if-none-match'))).toEqual([null, null]);
  });

  it('is not stored after a purge of a key that it might have turned out to carry', async () => {
    answer = () => {
      cache.purge('type:Todo');
      return page('rendered before');
    };
    const sentinelKeys = ['user:42', 'type:Todo'];
    expect(await get(inspected({ sentinelKeys }))).toMatchObject({
      stored: false,
      detail: 'purged-meanwhile',
    });
  });

  it('that ends early is an error', async () => {
    answer = () => page('half', { 'content-length': '10' });
    await expect(get(inspected())).rejects.toMatchObject({ code: 'ERR_ORIGIN_UNREACHABLE' });
    expect(seen).toEqual([]);
  });
});

describe('purges', () => {
  it('a purge empties what carries the key, ours or the origin’s', async () => {
    answer = (_, n) => page(`page ${n}`, { 'surrogate-key': 'theirs' });
    for (const key of ['user:42', 'theirs']) {
      await get();
      cache.purge(key);
      expect(await get()).toMatchObject({ state: 'MISS' });
    }
  });

  it('a response that was on its way when the purge came by is served and not stored', async () => {
    answer = () => {
      cache.purge('user:42');
      return page('rendered before');
    };
    expect(await get()).toMatchObject({
      state: 'MISS',
      stored: false,
      detail: 'purged-meanwhile',
      text: 'rendered before',
    });
    clock.nowMs += 2;
    answer = () => page('rendered after');
    expect(await get()).toMatchObject({ state: 'MISS', stored: true, text: 'rendered after' });
  });

  it('a purge in the very moment of the insertion is not missed', async () => {
    answer = () => page('rendered before');
    const { transaction } = cache.port;
    cache.port.transaction = async (...args) => {
      const entry = await transaction(...args);
      if (entry === null) return null;
      const insert = (options: CoreInsert) => {
        cache.purge('user:42');
        return entry.insert(options);
      };
      return { ...entry, insert };
    };
    expect(await get()).toMatchObject({ state: 'MISS', stored: false, detail: 'purged-meanwhile' });
    cache.port.transaction = transaction;
    clock.nowMs += 2;
    answer = () => page('rendered after');
    expect(await get()).toMatchObject({ state: 'MISS', text: 'rendered after' });
  });

  it('a purge in the very moment in which a 304 renews is not missed', async () => {
    answer = () => page('rendered before', { etag: '"a"' });
    await get();
    clock.nowMs += 70_000;
    answer = () => new Response(null, { status: 304, headers: { 'cache-control': 'private, max-age=90' } });
    const { transaction } = cache.port;
    cache.port.transaction = async (...args) => {
      const entry = await transaction(...args);
      if (entry === null) return null;
      const update = (options: CoreInsert) => {
        cache.purge('user:42');
        return entry.update(options);
      };
      return { ...entry, update };
    };
    expect(await get()).toMatchObject({
      stored: false,
      detail: 'purged-meanwhile',
      text: 'rendered before',
    });
    cache.port.transaction = transaction;
    clock.nowMs += 2;
    answer = () => page('rendered after');
    expect(await get()).toMatchObject({ state: 'MISS', text: 'rendered after' });
  });

  it('a soft purge gives the stale page once more where it may be stale, else it is a MISS', async () => {
    answer = (_, n) =>
      page(`page ${n}`, { 'cache-control': 'private, max-age=60, stale-while-revalidate=30' });
    await get();
    cache.purge('user:42', true);
    expect(await get()).toMatchObject({ state: 'STALE', text: 'page 1' });
    await Promise.all(background);
    expect(await get()).toMatchObject({ state: 'HIT', text: 'page 2' });

    answer = (_, n) => page(`page ${n}`);
    await get({ cacheKey: 'strict' });
    cache.purge('user:42', true);
    expect(await get({ cacheKey: 'strict' })).toMatchObject({ state: 'MISS' });
  });
});

describe('the leak guard', () => {
  it('an object of somebody else is dropped, and the request passes', async () => {
    await get({ fingerprint: 'bob' });
    expect(await get({ fingerprint: 'alice' })).toMatchObject({
      state: 'BYPASS',
      detail: 'leak-guard',
      text: 'page 2',
    });
    clock.nowMs += 2;
    expect((await get({ fingerprint: 'bob' })).state).toBe('MISS');
  });

  it('metadata that this release did not write is never served', async () => {
    for (const broken of ['', '{', '[]', '{"v":1}', 'null']) {
      await get();
      cache.tamper(() => broken);
      expect((await get()).state).not.toBe('HIT');
      cache.purge('user:42');
    }
  });
});
