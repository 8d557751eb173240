import { beforeEach, describe, expect, it } from 'vitest';
import type {
  CacheEngine,
  CacheResult,
  CacheTask,
  EvaluateResponse,
  ReceivedHead,
  TaskCalls,
} from '../../../src/cache/cache-engine.ts';
import { createChooser } from '../../../src/cache/choose-engine.ts';
import type { FreshnessDecision } from '../../../src/cache/freshness/freshness-decision.ts';
import { createReadthroughEngine } from '../../../src/cache/readthrough/readthrough-engine.ts';
import { EdgeError } from '../../../src/errors.ts';
import { namesOfSetCookies } from '../../../src/http/set-cookie.ts';
import { HttpCacheDisabled } from '../../../src/platform/http-cache-port.ts';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';
import { memoryCache } from '../../../src/testing/memory-cache.ts';
import { type HttpCacheDouble, httpCacheDouble } from '../support/http-cache-double.ts';

const STORE: FreshnessDecision = {
  store: true,
  reason: 'stored',
  ttlSeconds: 60,
  initialAgeSeconds: 0,
  staleWhileRevalidateSeconds: 30,
  staleIfErrorSeconds: 0,
  originSurrogateKeys: ['theirs'],
  vary: ['accept-encoding'],
  unkeyedVary: [],
  notes: [],
  arithmetic: {
    field: 'cache-control',
    source: 'max-age',
    statedSeconds: 60,
    lifetimeSeconds: 60,
    ageSeconds: 0,
    maxSeconds: 3600,
    tokenLeftSeconds: null,
  },
};

const NOT: FreshnessDecision = {
  ...STORE,
  store: false,
  reason: 'no-store',
  ttlSeconds: 0,
  staleWhileRevalidateSeconds: 0,
};

let http: HttpCacheDouble;
let core: ReturnType<typeof memoryCache>;
let decision: FreshnessDecision;
let purged: string[];
let around: number;
const clock = { nowMs: 0 };
let refreshFailures: unknown[];
let background: Promise<unknown>[];
let engine: CacheEngine;

beforeEach(() => {
  http = httpCacheDouble();
  clock.nowMs = http.clockMs;
  core = memoryCache(clock);
  decision = STORE;
  purged = [];
  around = 0;
  refreshFailures = [];
  background = [];
  engine = createReadthroughEngine({
    http: http.port,
    core: core.port,
    fetchOrigin: async () => {
      around += 1;
      return new Response('around');
    },
    purge(key) {
      purged.push(key);
      http.purge(key);
    },
    retryRule: { firstByteTimeoutMs: 20, retries: 1 },
    nowMs: () => http.clockMs,
  });
});

/** A task, and what it asks of whoever gives it. */
type Changes = Partial<CacheTask> & {
  readonly originRequest?: TaskCalls['originRequest'];
  readonly evaluate?: (head: ReceivedHead) => FreshnessDecision;
};

const plainRequest = (): OriginRequest => ({
  backend: 'origin',
  method: 'GET',
  url: 'http://www.test/',
  headers: new Headers(),
  body: null,
});

function given({ originRequest, evaluate, ...changes }: Changes = {}): [CacheTask, TaskCalls] {
  const task: CacheTask = {
    cacheKey: 'key',
    fingerprint: 'alice',
    surrogateKeys: ['user:42'],
    sentinelKeys: ['user:42'],
    inspectBytes: null,
    encoding: 'identity',
    sent: new Headers(),
    forwarded: [],
    bufferBytes: 1000,
    betweenBytesTimeoutMs: 1000,
    collapseTimeoutMs: 1000,
    ...changes,
  };
  const byHead = (evaluate ?? (() => decision)) as EvaluateResponse;
  return [task, { originRequest: originRequest ?? plainRequest, evaluate: byHead }];
}

async function ask(changes: Changes = {}): Promise<CacheResult> {
  const result = await engine.fetch(...given(changes));
  if (result.background !== undefined) {
    background.push(
      result.background.then((error) => {
        if (error !== null) refreshFailures.push(error);
      }),
    );
  }
  return result;
}

const says = (status: number, headers: readonly (readonly [string, string])[] = [], body = 'page') => {
  http.origin = async () => ({ status, headers, body });
};
const unreachable = () => {
  http.origin = async () => {
    throw new TypeError('connection refused');
  };
};
const wait = (seconds: number) => {
  http.clockMs += seconds * 1000;
  clock.nowMs = http.clockMs;
};
const textOf = async ({ body }: CacheResult) =>
  body === null ? null : new Response((await body.open()) as BodyInit).text();
const storedHere = () => {
  const entry = http.entries.get('key');
  return entry?.kind === 'object' ? entry : null;
};

describe('the readthrough engine', () => {
  it('stores what freshness allows, with our keys beside the origin’s, and then hits', async () => {
    says(200, [['x-claimcache-fingerprint', 'forged by the origin']]);
    expect(await ask()).toMatchObject({ state: 'MISS', stored: true, detail: 'stored', originMs: 0 });
    const object = storedHere();
    expect(object?.verdict).toMatchObject({
      ttlSeconds: 60,
      staleWhileRevalidateSeconds: 30,
      vary: ['accept-encoding'],
      surrogateKeys: ['user:42', expect.stringMatching(/^claimcache-object:/), 'theirs'],
    });
    expect(object?.says.headers.get('x-claimcache-fingerprint')).toBe('alice');
    expect(await ask()).toMatchObject({ state: 'HIT', detail: 'fresh', originMs: null });
  });

  it('names Accept-Encoding in every rule, so that no rule is empty', async () => {
    decision = { ...STORE, vary: [] };
    await ask();
    decision = NOT;
    await ask({ cacheKey: 'another' });
    expect(http.verdicts.map((verdict) => 'vary' in verdict && verdict.vary)).toEqual([
      ['accept-encoding'],
      ['accept-encoding'],
    ]);
  });

  it('takes a cookie out of what it stores by name, though a candidate’s headers cannot be listed', async () => {
    let names: readonly string[] = [];
    says(200, [
      ['set-cookie', 'sid=secret'],
      ['set-cookie', 'theme=dark; expires=Wed, 21 Oct 2026 07:28:00 GMT'],
    ]);
    const result = await ask({
      evaluate({ headers }) {
        names = namesOfSetCookies(headers);
        return STORE;
      },
    });
    expect(names).toEqual(['sid', 'theme']);
    expect([result.headers.has('set-cookie'), storedHere()?.says.headers.has('set-cookie')]).toEqual([
      false,
      false,
    ]);
    expect(await ask()).toMatchObject({ state: 'HIT' });
  });

  it('counts age and ttl in whole seconds, and nothing is left of what is stale', async () => {
    decision = { ...STORE, initialAgeSeconds: 3 };
    expect(await ask()).toMatchObject({ ageSeconds: 3, ttlSeconds: 60 });
    wait(5);
    expect(await ask()).toMatchObject({ ageSeconds: 8, ttlSeconds: 54 });
    wait(60);
    expect(await ask()).toMatchObject({ state: 'STALE', ageSeconds: 68, ttlSeconds: 0 });
    await http.background;
  });

  it('a response that a purge overtook is not stored, and does not keep the next one out', async () => {
    http.origin = async () => {
      core.purge('user:42');
      return {};
    };
    expect(await ask()).toMatchObject({ state: 'MISS', stored: false, detail: 'purged-meanwhile' });
    expect(http.entries.size).toBe(0);
    says(200);
    expect(await ask()).toMatchObject({ stored: true });
  });

  describe('where a purge comes by while it is being stored', () => {
    beforeEach(() => {
      http.whileStored = () => {
        http.whileStored = () => {};
        core.purge('user:42');
        // What the platform does to the object itself, it has done already: this purge went past it.
      };
    });

    it('a small response is given to nobody: the origin is asked once more', async () => {
      says(200, [['content-length', '4']]);
      const result = await ask();
      expect(result).toMatchObject({ stored: false, detail: 'purged-meanwhile' });
      expect(await textOf(result)).toBe('around');
      expect([http.entries.size, purged.length]).toEqual([0, 1]);
    });

    it.each([
      ['a large one', '5000'],
      ['one that announces no length', null],
    ])('%s is taken out again', async (_, length) => {
      says(200, length === null ? [] : [['content-length', length]], 'x'.repeat(Number(length ?? 4)));
      expect(await ask()).toMatchObject({
        state: 'MISS',
        stored: false,
        detail: 'purged-meanwhile',
        ttlSeconds: 0,
      });
      expect([http.entries.size, purged.length]).toEqual([0, 1]);
    });

    it('a refresh behind a stale answer is taken out again', async () => {
      http.whileStored = () => {};
      await ask();
      wait(70);
      http.whileStored = () => core.purge('user:42');
      expect(await ask()).toMatchObject({ state: 'STALE' });
      await http.background;
      await Promise.all(background);
      expect([http.entries.size, purged.length]).toEqual([0, 1]);
    });
  });

  it('says of a 304 that it renewed, and hands on the stored body', async () => {
    says(200, [['etag', '"a"']], 'old');
    decision = { ...STORE, staleWhileRevalidateSeconds: 0 };
    await ask();
    wait(61);
    says(304, [['etag', '"a"']], '');
    const result = await ask();
    expect(result).toMatchObject({ state: 'MISS', detail: 'revalidated', stored: true, status: 200 });
    expect(await textOf(result)).toBe('old');
  });

  it('asks anew where a 304 forbids to keep what it renews: there is no body to hand on', async () => {
    says(200, [['etag', '"a"']], 'old');
    decision = { ...STORE, staleWhileRevalidateSeconds: 0 };
    await ask();
    wait(61);
    says(304, [['etag', '"a"']], '');
    decision = NOT;
    const result = await ask();
    expect(result).toMatchObject({ stored: false, detail: 'no-store' });
    expect(await textOf(result)).toBe('around');
  });
});

describe('what may not be stored', () => {
  it.each<[string, number, number]>([
    ['is passed by for ten seconds', 200, 10],
    ['is passed by for one second after a failure', 503, 1],
  ])('%s, whatever lifetime the origin states', async (_, status, seconds) => {
    says(status, [['cache-control', 'no-store, max-age=86400']]);
    decision = NOT;
    expect(await ask()).toMatchObject({ state: 'MISS', stored: false, detail: 'no-store' });
    expect(http.verdicts).toEqual([{ kind: 'marker', ttlSeconds: seconds, vary: ['accept-encoding'] }]);
    wait(seconds);
    decision = STORE;
    says(200);
    expect(await ask()).toMatchObject({ stored: true });
  });

  it('is judged past a marker as well, where no hook runs', async () => {
    decision = NOT;
    await ask();
    const seen: string[] = [];
    says(200, [
      ['x-claimcache-fingerprint', 'alice'],
      ['x-claimcache-object', 'user:1'],
    ]);
    const result = await ask({
      evaluate({ headers }) {
        seen.push(headers.get('x-claimcache-fingerprint') ?? '');
        return NOT;
      },
    });
    expect(result).toMatchObject({ state: 'MISS', detail: 'no-store', originMs: 0, stored: false });
    expect(result.headers.has('x-claimcache-fingerprint')).toBe(false);
    expect(seen).toEqual(['alice']);
    decision = STORE;
    expect(await ask()).toMatchObject({
      state: 'MISS',
      detail: 'behind-marker',
      ttlSeconds: 0,
      stored: false,
    });
  });

  it('cannot have another object purged by what an origin sends past a marker', async () => {
    decision = NOT;
    await ask();
    says(200, [
      ['content-length', '100'],
      ['x-claimcache-object', 'user:1'],
    ]);
    await expect(textOf(await ask())).rejects.toBeInstanceOf(EdgeError);
    expect(purged).toEqual([]);
  });
});

describe('an origin that fails', () => {
  const storeFor = (changes: Partial<FreshnessDecision>) => {
    decision = { ...STORE, staleWhileRevalidateSeconds: 0, ...changes };
    return ask();
  };

  it.each<[string, () => void]>([
    ['answers 503', () => says(503)],
    ['cannot be reached', unreachable],
    ['answers what may not be shown', () => says(200)],
  ])('%s: the stale copy is served as long as the route says', async (name, fails) => {
    await storeFor({ staleIfErrorSeconds: 100 });
    wait(61);
    fails();
    const evaluate = () => {
      if (name.includes('shown')) throw new EdgeError('ERR_ORIGIN_IDENTITY');
      return NOT;
    };
    expect(await ask({ evaluate })).toMatchObject({
      state: 'STALE',
      detail: 'if-error',
      status: 200,
      ttlSeconds: 0,
    });
    expect(around).toBe(0);
    wait(100);
    const late = await ask({ evaluate }).catch(({ status }: EdgeError) => ({ status }));
    expect(late.status).toBe(name.includes('503') ? 503 : 502);
  });

  it('what may be shown while it is renewed may be shown where that fails', async () => {
    await storeFor({ staleWhileRevalidateSeconds: 30, staleIfErrorSeconds: 0 });
    expect(storedHere()?.verdict.staleIfErrorSeconds).toBe(30);
  });

  it('is no leak where its error replaces something stale', async () => {
    await storeFor({ staleIfErrorSeconds: 0 });
    wait(61);
    says(503);
    decision = NOT;
    expect(await ask()).toMatchObject({ state: 'MISS', status: 503, detail: 'no-store' });
    expect([around, http.sent.length]).toEqual([0, 2]);
  });

  it('is asked once more where it was not reached, but not where it timed out', async () => {
    let attempts = 0;
    http.origin = async () => {
      attempts += 1;
      if (attempts === 1) throw new TypeError('connection reset');
      return {};
    };
    expect(await ask()).toMatchObject({ state: 'MISS', stored: true });
    expect(attempts).toBe(2);
    http.origin = async () => {
      attempts += 1;
      throw new Error('timed out');
    };
    await expect(ask({ cacheKey: 'another' })).rejects.toMatchObject({ code: 'ERR_ORIGIN_TIMEOUT' });
    expect(attempts).toBe(3);
  });

  it('that keeps the first waiting for too long is asked by each who waited, and not by one after the other', async () => {
    http.origin = async () => {
      throw new EdgeError('ERR_ORIGIN_TIMEOUT');
    };
    await expect(ask()).rejects.toMatchObject({ code: 'ERR_ORIGIN_TIMEOUT' });
    says(200);
    // Another sandbox, woken when the platform ended the first one's request.
    const another = createReadthroughEngine({
      http: http.port,
      core: core.port,
      fetchOrigin: async () => new Response('around'),
      purge: () => {},
      retryRule: { firstByteTimeoutMs: 20, retries: 1 },
      nowMs: () => http.clockMs,
    });
    expect(await another.fetch(...given())).toMatchObject({ state: 'BYPASS', detail: 'collapse-timeout' });
    wait(10);
    expect(await another.fetch(...given())).toMatchObject({ state: 'MISS', stored: true });
  });

  it('is asked once more before a stale copy stands in for it', async () => {
    await storeFor({ staleIfErrorSeconds: 100 });
    wait(61);
    let attempts = 0;
    http.origin = async () => {
      attempts += 1;
      if (attempts === 1) throw new TypeError('connection reset');
      return { body: 'new' };
    };
    expect(await textOf(await ask())).toBe('new');
  });

  it('has as long as its policy says, or the limits', async () => {
    await ask();
    const slow = { ...plainRequest(), firstByteTimeoutMs: 7 };
    await ask({ cacheKey: 'another', originRequest: () => slow });
    expect(http.sent.map(({ firstByteTimeoutMs }) => firstByteTimeoutMs)).toEqual([20, 7]);
  });
});

describe('a refresh behind a stale answer', () => {
  const whileStale = async () => {
    await ask();
    wait(70);
    const result = await ask();
    expect(result).toMatchObject({
      state: 'STALE',
      detail: 'while-revalidate',
      originMs: null,
      ttlSeconds: 0,
    });
    await http.background;
    await Promise.all(background);
  };

  it('puts the new page in the old one’s place', async () => {
    await whileStale();
    expect(refreshFailures).toEqual([]);
    expect(await ask()).toMatchObject({ state: 'HIT' });
  });

  it.each<[string, () => void, string]>([
    ['answers 500', () => says(500), 'ERR_ORIGIN_UNREACHABLE'],
    ['does not reach the origin', unreachable, 'ERR_ORIGIN_'],
  ])('that %s leaves the stale page where it is, and goes to the log', async (_, fails, code) => {
    await ask();
    fails();
    wait(70);
    expect(await ask()).toMatchObject({ state: 'STALE' });
    await http.background;
    await Promise.all(background);
    expect(refreshFailures).toHaveLength(1);
    expect((refreshFailures[0] as EdgeError).code).toContain(code);
    expect(storedHere()?.says.status).toBe(200);
    expect(await ask()).toMatchObject({ state: 'STALE', status: 200 });
    await http.background;
    await Promise.all(background);
  });

  it('is not looked up a second time in the sandbox that fills it', async () => {
    let answer: (says: object) => void = () => {};
    http.origin = () => new Promise((resolve) => (answer = resolve));
    const first = ask();
    await Promise.resolve();
    expect(await ask()).toMatchObject({ state: 'BYPASS', detail: 'collapse-timeout' });
    answer({});
    expect(await first).toMatchObject({ state: 'MISS', stored: true });
    expect(await ask()).toMatchObject({ state: 'HIT' });
  });
});

describe('the leak guard', () => {
  it('an object of somebody else is not served, and is taken out', async () => {
    await ask({ fingerprint: 'bob' });
    expect(await ask()).toMatchObject({ state: 'BYPASS', detail: 'leak-guard' });
    expect([purged.length, http.entries.size]).toEqual([1, 0]);
  });

  it('an object without a fingerprint is not served', async () => {
    await ask();
    storedHere()?.says.headers.delete('x-claimcache-fingerprint');
    expect(await ask()).toMatchObject({ state: 'BYPASS', detail: 'leak-guard' });
  });

  it.each([
    ['while it is renewed', 30, 0],
    ['because the origin fails', 0, 100],
  ])('a stale one neither, %s', async (_, staleWhileRevalidateSeconds, staleIfErrorSeconds) => {
    decision = { ...STORE, staleWhileRevalidateSeconds, staleIfErrorSeconds };
    await ask({ fingerprint: 'bob' });
    wait(70);
    says(503);
    expect(await ask()).toMatchObject({ state: 'BYPASS', detail: 'leak-guard' });
    await http.background;
  });
});

describe('a body', () => {
  it('that is cut off is nobody’s: it is taken out before anybody gets a byte, and the next request asks anew', async () => {
    says(200, [['content-length', '4']], 'cut');
    await expect(ask()).rejects.toMatchObject({ code: 'ERR_ORIGIN_UNREACHABLE' });
    expect([purged.length, http.entries.size]).toEqual([1, 0]);
    says(200, [['content-length', '4']], 'page');
    expect(await textOf(await ask())).toBe('page');
    expect(await ask()).toMatchObject({ state: 'HIT' });
  });

  it('whose connection is lost while it is stored is a failure, not asked for once more, and taken out', async () => {
    http.origin = async () => ({ headers: [['content-length', '4']], breaksOff: true });
    await expect(ask()).rejects.toMatchObject({ code: 'ERR_ORIGIN_UNREACHABLE' });
    expect([http.sent.length, http.entries.size]).toEqual([1, 0]);
  });

  it('that is found to be cut off as a hit is taken out too', async () => {
    says(200, [['content-length', '4']], 'page');
    await ask();
    storedHere()?.says.headers.set('content-length', '5');
    await expect(textOf(await ask())).rejects.toMatchObject({ code: 'ERR_ORIGIN_UNREACHABLE' });
    expect(http.entries.size).toBe(0);
  });

  it.each([
    ['by its length', '5000', 'application/octet-stream', 'short', true],
    ['by what is in it', null, 'application/json', '{"orders":[1,2', true],
    ['not at all', null, 'text/plain', 'who knows', false],
  ])('that comes in pieces shows its end %s', async (_, contentLength, type, text, isBroken) => {
    says(
      200,
      [
        ['content-type', type],
        ...(contentLength === null ? [] : ([['content-length', contentLength]] as const)),
      ],
      text,
    );
    const seen = await textOf(await ask()).catch(() => 'cut off');
    expect(seen).toBe(contentLength === null ? text : 'cut off');
    expect(purged).toHaveLength(isBroken ? 1 : 0);
  });

  it('that is not stored anyway is handed on as it is', async () => {
    decision = NOT;
    says(200, [['content-type', 'application/json']], '{"orders":[1,2');
    expect(await textOf(await ask())).toBe('{"orders":[1,2');
    expect(purged).toEqual([]);
  });

  it('that is large and stored can be had in part', async () => {
    const whole = Array.from({ length: 5000 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
    says(200, [['content-length', '5000']], whole);
    expect((await ask()).body?.slice).toBeNull();
    const { body } = await ask();
    const part = await body?.slice?.(1234, 4321);
    expect(await new Response(part as BodyInit).text()).toBe(whole.slice(1234, 4321));
  });

  it('that is large and shorter than announced ends a part of it with an error', async () => {
    says(200, [['content-length', '5000']], 'short');
    await ask();
    const part = await (await ask()).body?.slice?.(3, 4000);
    await expect(new Response(part as BodyInit).text()).rejects.toThrow('shorter');
  });
});

describe('what the platform’s HTTP cache cannot hold', () => {
  const originRequest = () => ({ ...plainRequest(), method: 'POST', body: new Uint8Array([1]) });
  it.each<[string, Changes]>([
    // It would go through uncached, without a hook having run.
    ['a POST', { originRequest }],
    // `afterSend` decides before there is a body.
    ['a body that has to be seen', { inspectBytes: 1 }],
  ])('%s goes around it, and what is stored is not asked', async (_, changes) => {
    await ask();
    expect(await ask(changes)).toMatchObject({ state: 'BYPASS', detail: 'graphql-unseen' });
    http.entries.clear();
    await ask(changes);
    expect(http.entries.size).toBe(0);
  });
});

describe('which engine', () => {
  const named = (engineName: 'readthrough' | 'core', fails = false): CacheEngine => ({
    engine: engineName,
    fetch: async () => {
      if (fails) throw new HttpCacheDisabled('HTTP caching API is not enabled');
      return { detail: engineName } as Awaited<ReturnType<CacheEngine['fetch']>>;
    },
  });

  it('the readthrough one where it is there, else core, remembered', async () => {
    const choose = createChooser({
      readthrough: named('readthrough', true),
      core: named('core'),
      hasReadthrough: () => true,
    });
    expect(choose('auto')?.engine).toBe('readthrough');
    expect(await choose('auto')?.fetch(...given())).toMatchObject({ detail: 'core' });
    expect(choose('auto')?.engine).toBe('core');
  });

  it('the forced one', () => {
    const choose = createChooser({
      readthrough: named('readthrough'),
      core: named('core'),
      hasReadthrough: () => true,
    });
    expect(choose('core')?.engine).toBe('core');
    expect(choose('readthrough')?.engine).toBe('readthrough');
  });

  it('core for what has to be looked into, whichever is forced; none without it', () => {
    const both = createChooser({
      readthrough: named('readthrough'),
      core: named('core'),
      hasReadthrough: () => true,
    });
    for (const forced of ['auto', 'readthrough', 'core'] as const) {
      expect(both(forced, 'inspected')?.engine).toBe('core');
    }
    const readthroughAlone = createChooser({
      readthrough: named('readthrough'),
      core: null,
      hasReadthrough: () => true,
    });
    expect(readthroughAlone('auto', 'inspected')).toBeNull();
  });

  it('none where there is none', () => {
    expect(createChooser({ readthrough: null, core: null, hasReadthrough: () => false })('auto')).toBeNull();
  });
});
