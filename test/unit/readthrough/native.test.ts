import { beforeEach, describe, expect, it } from 'vitest';
import { createChooser, HttpCacheDisabled } from '../../../src/readthrough/choose.ts';
import { createNativeEngine } from '../../../src/readthrough/native.ts';
import { memoryCache } from '../../../src/testing/memory-cache.ts';
import type { FreshnessDecision } from '../../../src/types/freshness.ts';
import type { HttpCachePort } from '../../../src/types/platform.ts';
import type { CacheTask, Readthrough } from '../../../src/types/readthrough.ts';

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

interface Stored {
  readonly headers: Headers;
  readonly body: string;
  readonly set: Record<string, unknown>;
}

let stored: Stored | null;
let decision: FreshnessDecision;
let cache: ReturnType<typeof memoryCache>;
let whileOnTheWay: () => void;
let verdicts: unknown[];

beforeEach(() => {
  stored = null;
  decision = STORE;
  cache = memoryCache({ nowMs: 0 });
  whileOnTheWay = () => {};
  verdicts = [];
});

/** Fastly's readthrough cache as far as its contract is documented: hooks on a fetch, none on a hit. */
const http: HttpCachePort = {
  async fetch(_request, _key, hooks) {
    if (stored !== null) return answerOf(stored, true);
    hooks.beforeSend();
    whileOnTheWay();
    const set: Record<string, unknown> = {};
    const headers = new Headers({ etag: '"a"', 'x-claimcache-fingerprint': 'forged by the origin' });
    const candidate = {
      status: 200,
      headers,
      set ttlSeconds(value: number) {
        set.ttlSeconds = value;
      },
      set staleWhileRevalidateSeconds(value: number) {
        set.staleWhileRevalidateSeconds = value;
      },
      set surrogateKeys(value: readonly string[]) {
        set.surrogateKeys = value;
      },
      set vary(value: readonly string[]) {
        set.vary = value;
      },
    };
    const verdict = await hooks.afterSend(candidate);
    verdicts.push(verdict);
    const fresh = { headers, body: 'page', set };
    if (verdict === true) stored = fresh;
    return answerOf(fresh, false);
  },
};

function answerOf({ headers, body }: Stored, cached: boolean) {
  return {
    status: 200,
    headers: new Headers(headers),
    body: new Response(body).body as ReadableStream<Uint8Array>,
    cached,
    stale: false,
    ageSeconds: cached ? 5 : 0,
    ttlSeconds: 55,
  };
}

const engine = () =>
  createNativeEngine({
    http,
    core: cache.port,
    fetchOrigin: async () => new Response('around'),
    nowMs: () => 0,
  });

function task(changes: Partial<CacheTask> = {}): CacheTask {
  return {
    cacheKey: 'key',
    fingerprint: 'alice',
    surrogateKeys: ['user:42'],
    sentinelKeys: ['user:42'],
    inspection: null,
    encoding: 'identity',
    sends: () => false,
    cutOff: () => {},
    request: () => ({
      backend: 'origin',
      method: 'GET',
      url: 'http://www.test/',
      headers: new Headers(),
      body: null,
    }),
    decide: () => decision,
    bufferBytes: 1000,
    betweenBytesTimeoutMs: 1000,
    collapseTimeoutMs: 1000,
    waitUntil: () => {},
    onRefreshFailure: () => {},
    ...changes,
  };
}

describe('the native engine', () => {
  it('stores what freshness allows, with our keys beside the origin’s, and then hits', async () => {
    expect(await engine().fetch(task())).toMatchObject({ state: 'MISS', stored: true, detail: 'stored' });
    expect(stored?.set).toEqual({
      ttlSeconds: 60,
      staleWhileRevalidateSeconds: 30,
      vary: ['accept-encoding'],
      surrogateKeys: ['user:42', 'theirs'],
    });
    expect(stored?.headers.get('x-claimcache-fingerprint')).toBe('alice');
    expect(await engine().fetch(task())).toMatchObject({ state: 'HIT', ageSeconds: 5, ttlSeconds: 55 });
  });

  it('what may not be stored is uncacheable, which ends collapsing too', async () => {
    decision = { ...STORE, store: false, reason: 'no-store', ttlSeconds: 0 };
    expect(await engine().fetch(task())).toMatchObject({ state: 'MISS', stored: false, detail: 'no-store' });
    expect(verdicts).toEqual(['uncacheable']);
  });

  it('a response that a purge overtook is not stored', async () => {
    whileOnTheWay = () => cache.purge('user:42');
    expect(await engine().fetch(task())).toMatchObject({ stored: false, detail: 'purged-meanwhile' });
    expect(stored).toBeNull();
  });

  it('an object of somebody else is not served', async () => {
    await engine().fetch(task({ fingerprint: 'bob' }));
    expect(await engine().fetch(task())).toMatchObject({ state: 'BYPASS', detail: 'leak-guard' });
  });

  it('an object without a fingerprint is not served', async () => {
    stored = { headers: new Headers(), body: 'page', set: {} };
    expect(await engine().fetch(task())).toMatchObject({ state: 'BYPASS', detail: 'leak-guard' });
  });
});

describe('what the platform’s HTTP cache cannot hold', () => {
  const request = () => ({ ...task().request(), method: 'POST', body: new Uint8Array([1]) });
  const judge = async () => STORE;
  it.each<[string, Partial<CacheTask>]>([
    // It would go through uncached, without a hook having run.
    ['a POST', { request }],
    // `afterSend` decides before there is a body.
    ['a body that has to be seen', { inspection: { limitBytes: 1, judge } }],
  ])('%s goes around it, and what is stored is not asked', async (_, changes) => {
    await engine().fetch(task());
    expect(await engine().fetch(task(changes))).toMatchObject({ state: 'BYPASS', detail: 'graphql-unseen' });
    stored = null;
    await engine().fetch(task(changes));
    expect(stored).toBeNull();
  });
});

describe('which engine', () => {
  const named = (engineName: 'native' | 'core', fails = false): Readthrough => ({
    engine: engineName,
    fetch: async () => {
      if (fails) throw new HttpCacheDisabled('HTTP caching API is not enabled');
      return { detail: engineName } as Awaited<ReturnType<Readthrough['fetch']>>;
    },
  });

  it('the native one where it is there, else core, remembered', async () => {
    const choose = createChooser({
      native: named('native', true),
      core: named('core'),
      hasNative: () => true,
    });
    expect(choose('auto')?.engine).toBe('native');
    expect(await choose('auto')?.fetch(task())).toMatchObject({ detail: 'core' });
    expect(choose('auto')?.engine).toBe('core');
  });

  it('the forced one', () => {
    const choose = createChooser({ native: named('native'), core: named('core'), hasNative: () => true });
    expect(choose('core')?.engine).toBe('core');
    expect(choose('native')?.engine).toBe('native');
  });

  it('core for what has to be looked into, whichever is forced; none without it', () => {
    const both = createChooser({ native: named('native'), core: named('core'), hasNative: () => true });
    for (const forced of ['auto', 'native', 'core'] as const) {
      expect(both(forced, 'inspected')?.engine).toBe('core');
    }
    const nativeAlone = createChooser({ native: named('native'), core: null, hasNative: () => true });
    expect(nativeAlone('auto', 'inspected')).toBeNull();
  });

  it('none where there is none', () => {
    expect(createChooser({ native: null, core: null, hasNative: () => false })('auto')).toBeNull();
  });
});
