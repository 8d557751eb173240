import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { siteKeys } from '../site/keys.ts';
import { PEOPLE, type Person } from '../site/people.ts';
import { ask, tokenOf, unseen } from './support/client.ts';
import { page } from './support/scripted-origin.ts';
import { type ScriptedStack, startScriptedStack, VARIANTS } from './support/scripted-stack.ts';

const [alice, bob] = PEOPLE as [Person, Person];
const FRESH = { 'cache-control': 'private, max-age=300' };
let stack: ScriptedStack;
let token: string;

beforeAll(async () => {
  stack = await startScriptedStack(VARIANTS);
  token = await tokenOf(alice);
});
afterAll(() => stack?.stop());
beforeEach(() => stack.origin.answer(page(FRESH)));

const get = (target: string, who: string | null = token) => ask(stack.edge, who, target);

/** Makes what is stored for Alice stale, whatever its age. */
async function makeStale(): Promise<void> {
  const body = '{"scope":"user","value":"42","soft":true}';
  const { operatorToken } = await siteKeys();
  expect((await ask(stack.edge, operatorToken, '/.edge/purge', { method: 'POST', body })).status).toBe(200);
}

describe('stale-if-error', () => {
  const withStale = { ...FRESH, 'cache-control': 'private, max-age=300, stale-if-error=600' };

  it('serves the stale page when the origin is down', async () => {
    const target = unseen('/own/a');
    stack.origin.answer(page(withStale));
    const old = await get(target);
    await makeStale();
    await stack.origin.whileDown(async () => {
      for (let i = 0; i < 2; i++) {
        const answer = await get(target);
        expect(answer.status).toBe(200);
        expect(answer.cache).toBe('STALE');
        expect(answer.text).toBe(old.text);
      }
    });
    const next = await get(target);
    expect(next.cache).toBe('MISS');
    expect(next.text).not.toBe(old.text);
  });

  it.each([500, 502, 503, 504])('serves the stale page when the origin answers %i', async (status) => {
    const target = unseen('/own/a');
    stack.origin.answer(page(withStale));
    const old = await get(target);
    await makeStale();
    stack.origin.answer(page({}, status));
    const answer = await get(target);
    expect(answer.status).toBe(200);
    expect(answer.cache).toBe('STALE');
    expect(answer.text).toBe(old.text);
  });

  it.each([403, 404, 410])(
    'passes on what the origin answers when it is %i: that is no failure',
    async (status) => {
      const target = unseen('/own/a');
      stack.origin.answer(page(withStale));
      await get(target);
      await makeStale();
      stack.origin.answer(page({}, status));
      expect((await get(target)).status).toBe(status);
    },
  );

  it.each([
    ['without it', 'private, max-age=300'],
    ['beside must-revalidate', 'private, max-age=300, stale-if-error=600, must-revalidate'],
  ])('%s a failure is shown', async (_what, cacheControl) => {
    const target = unseen('/own/a');
    stack.origin.answer(page({ 'cache-control': cacheControl }));
    await get(target);
    await makeStale();
    await stack.origin.whileDown(async () => expect((await get(target)).status).toBe(502));
    await makeStale();
    stack.origin.answer(page({}, 503));
    expect((await get(target)).status).toBe(503);
  });

  it('is never for somebody else', async () => {
    const target = unseen('/own/a');
    stack.origin.answer(page(withStale));
    await get(target);
    await makeStale();
    await stack.origin.whileDown(async () => {
      expect((await get(target, await tokenOf(bob))).status).toBe(502);
      expect((await get(target, null)).status).toBe(401);
    });
  });
});

describe('stale-while-revalidate', () => {
  it.each([
    ['without a validator', {}],
    ['with a validator that holds', { etag: '"same"' }],
  ])('%s: the stale page once more, then a fresh one', async (_what, more) => {
    const target = unseen('/own/a');
    const answer = page({ 'cache-control': 'private, max-age=300, stale-while-revalidate=60', ...more });
    stack.origin.answer((request, response) => {
      if (request.headers['if-none-match'] === '"same"') response.writeHead(304, { etag: '"same"' }).end();
      else answer(request, response);
    });
    const old = await get(target);
    await makeStale();
    const before = stack.origin.requests.length;
    const stale = await get(target);
    expect(stale.cache).toBe('STALE');
    expect(stale.text).toBe(old.text);
    await expect.poll(async () => (await get(target)).cache).toBe('HIT');
    expect(stack.origin.requests.length).toBe(before + 1);
    const fresh = await get(target);
    expect(fresh.text === old.text).toBe('etag' in more);
  });

  it('a refresh that fails leaves the stale page where it is', async () => {
    const target = unseen('/own/a');
    stack.origin.answer(page({ 'cache-control': 'private, max-age=300, stale-while-revalidate=60' }));
    const old = await get(target);
    await makeStale();
    stack.origin.answer(page({}, 500));
    for (let i = 0; i < 3; i++) {
      const answer = await get(target);
      expect(answer.status).toBe(200);
      expect(answer.cache).toBe('STALE');
      expect(answer.text).toBe(old.text);
    }
  });

  it('a refresh that may not be stored takes the stale page away', async () => {
    const target = unseen('/own/a');
    stack.origin.answer(page({ 'cache-control': 'private, max-age=300, stale-while-revalidate=60' }));
    const old = await get(target);
    await makeStale();
    stack.origin.answer(page({ 'cache-control': 'no-store' }));
    await get(target);
    await expect.poll(async () => (await get(target)).cache).toBe('MISS');
    expect((await get(target)).text).not.toBe(old.text);
  });
});
