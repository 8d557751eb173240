import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { canaryOf, PEOPLE, type Person } from '../site/people.ts';
import { DEBUG_TOKEN } from '../support/edge-manifest.ts';
import { type Stack, startStack } from '../support/start-stack.ts';
import { loggedEngine } from '../support/test-engine.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';

const [alice] = PEOPLE as [Person];
let stack: Stack;
let token: string;

beforeAll(async () => {
  stack = await startStack({ withoutLocalCache: true });
  token = await tokenOf(alice);
});
afterEach(() => stack.edge.configure({}));
afterAll(() => stack?.stop());

const get = (target: string, who: string | null = token) => ask(stack.edge, who, target);
const stateOf = async (target: string, who: string | null = token) => (await get(target, who)).cache;

async function fill(...targets: string[]): Promise<void> {
  for (const target of targets) {
    await get(target);
    expect(await stateOf(target)).toBe('HIT');
  }
}

describe('cache = pass', () => {
  it('turns the whole cache to pass without a deploy, and back', async () => {
    const [orders, page] = [unseen('/api/orders'), unseen('/pages/welcome')];
    await fill(orders);
    await get(page, null);
    await stack.edge.configure({ cache: 'pass' });
    const lines = await loggedBy(stack.edge, async () => {
      const answer = await get(orders);
      expect(answer.cache).toBe('BYPASS');
      expect(answer.headers['cache-control']).toBe('private, no-store, max-age=0');
      expect(answer.text).toContain(canaryOf(alice));
      expect(await stateOf(page, null)).toBe('BYPASS');
    });
    const passed = { lane: 'pass', reason: 'switch-pass' };
    expect(lines).toMatchObject([passed, passed]);
    await stack.edge.configure({});
    expect(await stateOf(orders)).toBe('HIT');
    expect(await stateOf(page, null)).toBe('HIT');
  });

  it('skips no verification', async () => {
    await stack.edge.configure({ cache: 'pass' });
    expect((await get('/api/orders', null)).status).toBe(401);
    expect((await get('/api/orders', `${token}x`)).status).toBe(401);
  });

  it('does not stop the purge after a write', async () => {
    const target = unseen('/api/dashboard');
    await fill(target);
    await stack.edge.configure({ cache: 'pass' });
    const write = await ask(stack.edge, token, '/api/profile', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"displayName":"A"}',
    });
    expect(write.status).toBe(200);
    await stack.edge.configure({});
    expect(await stateOf(target)).toBe('MISS');
  });
});

describe.each(['pass', 'observe'])('route.orders = %s', (value) => {
  it('makes that route pass and no other', async () => {
    const [orders, dashboard] = [unseen('/api/orders'), unseen('/api/dashboard')];
    await fill(orders, dashboard);
    await stack.edge.configure({ 'route.orders': value });
    const [line] = await loggedBy(stack.edge, async () => expect(await stateOf(orders)).toBe('BYPASS'));
    expect(line).toMatchObject({ route: 'orders', lane: 'pass', reason: `switch-${value}` });
    expect(await stateOf(dashboard)).toBe('HIT');
  });

  it('stores nothing', async () => {
    const target = unseen('/api/orders');
    await stack.edge.configure({ 'route.orders': value });
    expect(await stateOf(target)).toBe('BYPASS');
    await stack.edge.configure({});
    expect(await stateOf(target)).toBe('MISS');
  });
});

it('route.orders = pass skips no verification', async () => {
  await stack.edge.configure({ 'route.orders': 'pass' });
  const [line] = await loggedBy(stack.edge, async () =>
    expect((await get('/api/orders', null)).status).toBe(401),
  );
  expect(line).toMatchObject({ lane: 'reject', code: 'ERR_CREDENTIAL_MISSING', observed: null });
});

describe.each([
  ['scoped', ['/api/orders', '/api/dashboard'], '/pages/welcome'],
  ['public', ['/pages/welcome', '/lab/cacheable'], '/api/orders'],
])('lane.%s = pass', (lane, paths, other) => {
  it('makes every route of the lane pass, without a deploy, and back; the other lane goes on', async () => {
    const [who, others] = lane === 'scoped' ? [token, null] : [null, token];
    const targets = paths.map(unseen);
    const kept = unseen(other);
    for (const target of targets) await get(target, who);
    await get(kept, others);
    await stack.edge.configure({ [`lane.${lane}`]: 'pass' });
    for (const target of targets) expect(await stateOf(target, who)).toBe('BYPASS');
    expect(await stateOf(kept, others)).toBe('HIT');
    await stack.edge.configure({});
    for (const target of targets) expect(await stateOf(target, who)).toBe('HIT');
  });
});

describe('a Config Store that cannot be read', () => {
  it('makes everything pass: a switch that was set does not come undone, and nobody is let in', async () => {
    const [orders, page] = [unseen('/api/orders'), unseen('/pages/welcome')];
    await fill(orders);
    await get(page, null);
    await stack.edge.breakConfig();
    const lines = await loggedBy(stack.edge, async () => {
      expect(await stateOf(orders)).toBe('BYPASS');
      expect(await stateOf(page, null)).toBe('BYPASS');
    });
    const passed = { lane: 'pass', reason: 'switches-unreadable', status: 200 };
    expect(lines).toMatchObject([passed, passed]);
    expect((await get('/api/orders', null)).status).toBe(401);
    await stack.edge.configure({});
    expect(await stateOf(orders)).toBe('HIT');
    expect(await stateOf(page, null)).toBe('HIT');
  });
});

describe('observe', () => {
  const observedBy = async (work: () => Promise<unknown>) => (await loggedBy(stack.edge, work))[0]?.observed;

  it('logs what would have been done: lane, key, tags, time to live', async () => {
    await stack.edge.configure({ 'lane.scoped': 'observe' });
    const target = unseen('/api/orders');
    const first = await observedBy(() => get(target));
    expect(first).toEqual({
      lane: 'scoped',
      reason: 'scope-verified',
      code: null,
      key: expect.stringMatching(/^[\w-]{22}$/),
      surrogateKeys: 3,
      ttlSeconds: expect.any(Number),
      detail: 'stored',
    });
    expect(first?.ttlSeconds).toBeGreaterThan(0);
    // The same key for the same question, another for another person: what a hit ratio can be counted from.
    expect((await observedBy(() => get(target)))?.key).toBe(first?.key);
    const bob = await tokenOf({ ...alice, sub: 'somebody-else' });
    expect((await observedBy(() => get(target, bob)))?.key).not.toBe(first?.key);
  });

  it('refuses nobody whom the origin lets in, and logs the code of the refusal', async () => {
    await stack.edge.configure({ 'route.session': 'observe', 'route.orders': 'observe' });
    const line = await loggedBy(stack.edge, async () => {
      const answer = await get('/api/orders', null);
      expect(answer.cache).toBe('BYPASS');
      expect(answer.headers['content-type']).not.toContain('problem');
    });
    expect(line[0]).toMatchObject({
      lane: 'pass',
      reason: 'switch-observe',
      code: null,
      observed: { lane: 'reject', code: 'ERR_CREDENTIAL_MISSING', key: null },
    });
  });

  it('a public page goes out with the origin’s own word on caching, as it did before', async () => {
    const target = unseen('/pages/welcome');
    const before = (await get(target, null)).headers['cache-control'];
    await stack.edge.configure({ 'lane.public': 'observe' });
    const answer = await get(target, null);
    expect(answer.cache).toBe('BYPASS');
    expect(answer.headers['cache-control']).toBe(before);
  });

  it('no claim value or token stands in what is logged', async () => {
    await stack.edge.configure({ 'route.orders': 'observe' });
    const someone = await tokenOf({ ...alice, sub: 'SECRET-subject', role: 'SECRET-role' });
    const lines = await loggedBy(stack.edge, () => get(unseen('/api/orders?q=SECRET-query'), someone));
    expect(lines).toMatchObject([{ observed: { lane: 'scoped' } }]);
    const text = JSON.stringify(lines);
    expect(text).not.toContain('SECRET');
    for (const part of someone.split('.')) expect(text).not.toContain(part);
  });
});

it('a public route and the paths without a route have switches too', async () => {
  const [page, home] = [unseen('/pages/welcome'), unseen('/lab/cacheable')];
  for (const target of [page, home]) await get(target, null);
  await stack.edge.configure({ 'route.pages': 'pass', 'route.default': 'pass' });
  for (const target of [page, home]) expect(await stateOf(target, null)).toBe('BYPASS');
});

it('a new key_version empties everything at once', async () => {
  const [orders, page] = [unseen('/api/orders'), unseen('/pages/welcome')];
  await fill(orders);
  await get(page, null);
  await stack.edge.configure({ key_version: '2' });
  expect(await stateOf(orders)).toBe('MISS');
  expect(await stateOf(page, null)).toBe('MISS');
  expect(await stateOf(orders)).toBe('HIT');
  expect(await stateOf(page, null)).toBe('HIT');
});

it('a value that no switch knows is as if it were not there', async () => {
  const target = unseen('/api/orders');
  await fill(target);
  await stack.edge.configure({ cache: 'passed', 'route.orders': 'off', cache_engine: 'other', https: 'on' });
  expect(await stateOf(target)).toBe('HIT');
});

it('case and white space around a value count for nothing: a command adds a line break, a hand is in haste', async () => {
  const target = unseen('/api/orders');
  await fill(target);
  for (const switches of [{ cache: 'PASS' }, { 'lane.scoped': ' pass' }, { 'route.orders': 'pass\n' }]) {
    await stack.edge.configure(switches);
    expect(await stateOf(target)).toBe('BYPASS');
  }
});

describe('cache_engine', () => {
  it.each([
    ['auto', loggedEngine()],
    ['core', 'core'],
  ])('%s is the engine %s here, and the log says so', async (value, engine) => {
    await stack.edge.configure({ cache_engine: value });
    const target = unseen('/api/orders');
    const lines = await loggedBy(stack.edge, () => fill(target));
    expect(lines.map((line) => line.engine)).toEqual([engine, engine]);
  });

  it.runIf(loggedEngine() === 'core')(
    'readthrough where there is no HTTP cache: everything passes, and the log says no-engine',
    async () => {
      await stack.edge.configure({ cache_engine: 'readthrough' });
      const [orders, page] = [unseen('/api/orders'), unseen('/pages/welcome')];
      const lines = await loggedBy(stack.edge, async () => {
        for (let i = 0; i < 2; i++) {
          const personal = await get(orders);
          expect(personal.status).toBe(200);
          expect(personal.cache).toBe('BYPASS');
          expect(personal.text).toContain(canaryOf(alice));
          expect(await stateOf(page, null)).toBe('BYPASS');
        }
      });
      const passed = { lane: 'pass', reason: 'no-engine', engine: 'none' };
      expect(lines).toMatchObject([passed, passed, passed, passed]);
    },
  );
});

describe('the debug token', () => {
  const debug = (value: string, target: string, who: string | null = token) =>
    ask(stack.edge, who, target, { headers: { 'x-claimcache-debug': value } });
  const told = (headers: Record<string, unknown>) =>
    Object.keys(headers).filter((name) => name.startsWith('x-claimcache') || name === 'server-timing');

  it('shows lane, reason, route, key and the number of tags, and what took how long', async () => {
    const target = unseen('/api/orders');
    const miss = await debug(DEBUG_TOKEN, target);
    expect(miss.headers).toMatchObject({
      'x-claimcache-debug-lane': 'scoped',
      'x-claimcache-debug-reason': 'scope-verified',
      'x-claimcache-debug-route': 'orders',
      'x-claimcache-debug-state': 'MISS',
      'x-claimcache-debug-key': expect.stringMatching(/^[\w-]{22}$/),
      'x-claimcache-debug-surrogate-keys': '3',
      'server-timing': expect.stringMatching(
        /^cache;desc="MISS", verify;dur=[\d.]+, origin;dur=[\d.]+, .*total;dur=/,
      ),
      'cache-control': 'private, no-store, max-age=0',
    });
    const hit = await debug(DEBUG_TOKEN, target);
    expect(hit.cache).toBe('HIT');
    expect(hit.headers['x-claimcache-debug-key']).toBe(miss.headers['x-claimcache-debug-key']);
    expect(hit.headers['server-timing']).not.toContain('origin');
    // None of it was stored: the next reader gets nothing of it.
    expect(told((await get(target)).headers)).toEqual([]);
  });

  it('shows why a request was refused', async () => {
    const refused = await debug(DEBUG_TOKEN, '/api/orders', `${token}x`);
    expect(refused.status).toBe(401);
    expect(refused.headers['x-claimcache-debug-code']).toMatch(/^ERR_TOKEN_/);
  });

  it.each(['wrong', '', DEBUG_TOKEN.slice(0, -1), `${DEBUG_TOKEN}x`])(
    'another one (%j) shows nothing',
    async (value) => {
      const target = unseen('/pages/welcome');
      const plain = await get(target, null);
      const answer = await debug(value, target, null);
      expect(told(answer.headers)).toEqual([]);
      expect(answer.headers['cache-control']).toBe(plain.headers['cache-control']);
    },
  );
});
