import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { canaryOf, PEOPLE, type Person } from '../../demo/origin/people.ts';
import { type Stack, startStack } from '../support/start-stack.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';

const [alice] = PEOPLE as [Person];
let stack: Stack;
let token: string;

beforeAll(async () => {
  stack = await startStack();
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
    stack.edge.configure({ cache: 'pass' });
    const lines = await loggedBy(stack.edge, async () => {
      const answer = await get(orders);
      expect(answer.cache).toBe('BYPASS');
      expect(answer.headers['cache-control']).toBe('private, no-store, max-age=0');
      expect(answer.text).toContain(canaryOf(alice));
      expect(await stateOf(page, null)).toBe('BYPASS');
    });
    const passed = { lane: 'pass', reason: 'switch-pass' };
    expect(lines).toMatchObject([passed, passed]);
    stack.edge.configure({});
    expect(await stateOf(orders)).toBe('HIT');
    expect(await stateOf(page, null)).toBe('HIT');
  });

  it('skips no verification', async () => {
    stack.edge.configure({ cache: 'pass' });
    expect((await get('/api/orders', null)).status).toBe(401);
    expect((await get('/api/orders', `${token}x`)).status).toBe(401);
  });

  it('does not stop the purge after a write', async () => {
    const target = unseen('/api/dashboard');
    await fill(target);
    stack.edge.configure({ cache: 'pass' });
    const write = await ask(stack.edge, token, '/api/profile', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"displayName":"A"}',
    });
    expect(write.status).toBe(200);
    stack.edge.configure({});
    expect(await stateOf(target)).toBe('MISS');
  });
});

describe.each(['pass', 'observe'])('route.orders = %s', (value) => {
  it('makes that route pass and no other', async () => {
    const [orders, dashboard] = [unseen('/api/orders'), unseen('/api/dashboard')];
    await fill(orders, dashboard);
    stack.edge.configure({ 'route.orders': value });
    const [line] = await loggedBy(stack.edge, async () => expect(await stateOf(orders)).toBe('BYPASS'));
    expect(line).toMatchObject({ route: 'orders', lane: 'pass', reason: `switch-${value}` });
    expect(await stateOf(dashboard)).toBe('HIT');
    expect((await get(orders, null)).status).toBe(401);
  });

  it('stores nothing', async () => {
    const target = unseen('/api/orders');
    stack.edge.configure({ 'route.orders': value });
    expect(await stateOf(target)).toBe('BYPASS');
    stack.edge.configure({});
    expect(await stateOf(target)).toBe('MISS');
  });
});

it('a public route and the paths without a route have switches too', async () => {
  const [page, home] = [unseen('/pages/welcome'), unseen('/lab/cacheable')];
  for (const target of [page, home]) await get(target, null);
  stack.edge.configure({ 'route.pages': 'pass', 'route.default': 'pass' });
  for (const target of [page, home]) expect(await stateOf(target, null)).toBe('BYPASS');
});

it('a new key_version empties everything at once', async () => {
  const [orders, page] = [unseen('/api/orders'), unseen('/pages/welcome')];
  await fill(orders);
  await get(page, null);
  stack.edge.configure({ key_version: '2' });
  expect(await stateOf(orders)).toBe('MISS');
  expect(await stateOf(page, null)).toBe('MISS');
  expect(await stateOf(orders)).toBe('HIT');
  expect(await stateOf(page, null)).toBe('HIT');
});

it('a value that no switch knows is as if it were not there', async () => {
  const target = unseen('/api/orders');
  await fill(target);
  stack.edge.configure({ cache: 'PASS ', 'route.orders': 'off', cache_engine: 'other' });
  expect(await stateOf(target)).toBe('HIT');
});

describe('cache_engine', () => {
  it.each(['auto', 'core'])('%s is the core engine here, and the log says so', async (value) => {
    stack.edge.configure({ cache_engine: value });
    const target = unseen('/api/orders');
    const lines = await loggedBy(stack.edge, () => fill(target));
    expect(lines.map(({ engine }) => engine)).toEqual(['core', 'core']);
  });

  it('native where there is no HTTP cache: everything passes, and the log says no-engine', async () => {
    stack.edge.configure({ cache_engine: 'native' });
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
  });
});
