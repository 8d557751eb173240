import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../site/people.ts';
import { createPrivateCache } from '../support/private-cache.ts';
import type { SendOptions } from '../support/send.ts';
import { ask, tokenOf, unseen } from './support/client.ts';
import { type Echo, echo, page } from './support/scripted-origin.ts';
import { type ScriptedStack, startScriptedStack, VARIANTS } from './support/scripted-stack.ts';

const [alice, bob] = PEOPLE as [Person, Person];
let stack: ScriptedStack;
let token: string;

beforeAll(async () => {
  stack = await startScriptedStack(VARIANTS);
  token = await tokenOf(alice);
});
afterAll(() => stack?.stop());
beforeEach(() => stack.origin.answer(echo));

const get = (target: string, who: string | null, options: SendOptions = {}) =>
  ask(stack.edge, who, target, options);

describe('browserTtlSeconds', () => {
  const maxAge = (field: string | undefined) => Number(/^private, max-age=(\d+)$/.exec(field ?? '')?.[1]);

  it('goes out as max-age, and never outlives the token', async () => {
    const target = unseen('/home');
    for (const [expiresInSeconds, most] of [
      [900, 300],
      [100, 100],
    ] as const) {
      for (let i = 0; i < 2; i++) {
        const answer = await get(target, await tokenOf(alice, { expiresInSeconds }));
        const seconds = maxAge(answer.headers['cache-control']);
        expect(seconds).toBeLessThanOrEqual(most);
        expect(seconds).toBeGreaterThan(most - 60);
        expect(answer.headers.vary).toMatch(/authorization/i);
        expect(answer.headers.vary).toMatch(/cookie/i);
      }
    }
  });

  it('a private cache that shows a page without asking still shows none of the user before', async () => {
    const target = unseen('/home');
    const view = createPrivateCache((path, options) => ask(stack.edge, null, path, options));
    const [ofAlice, ofBob] = [token, await tokenOf(bob)];
    for (const credential of [
      (who: string) => ({ authorization: `Bearer ${who}` }),
      (who: string) => ({ cookie: `session=${who}` }),
    ]) {
      const first = await view(target, credential(ofAlice));
      expect(await view(target, credential(ofAlice))).toEqual({ text: first.text, from: 'cache' });
      const other = await view(target, credential(ofBob));
      expect(other.text).not.toBe(first.text);
      expect((JSON.parse(other.text) as Echo).headers['x-claimcache-claims']).toBe(`{"sub":"${bob.sub}"}`);
      expect((await view(target, {})).text).not.toBe(first.text);
    }
  });
});

describe('times to live', () => {
  const ttlOf = async (target: string, who = token) =>
    Number(/;ttl=(\d+)/.exec(String((await get(target, who)).headers['cache-status']))?.[1]);

  it.each([
    ['nothing', undefined, 150],
    ['less than min', 'private, max-age=10', 100],
    ['what lies between', 'private, max-age=120', 120],
    ['more than max', 'private, max-age=9999', 200],
  ])('where the origin says %s', async (_what, cacheControl, ttl) => {
    stack.origin.answer(page(cacheControl === undefined ? {} : { 'cache-control': cacheControl }));
    const left = await ttlOf(unseen('/bounded/a'));
    expect(left).toBeLessThanOrEqual(ttl);
    // A slow machine may have spent some of it on the way.
    expect(left).toBeGreaterThan(ttl - 10);
  });

  it.each(['no-store', 'no-cache', 'private, max-age=0', 'max-age=10, no-store'])(
    'min never beats %s',
    async (cacheControl) => {
      stack.origin.answer(page({ 'cache-control': cacheControl }));
      const target = unseen('/bounded/a');
      const [first, second] = [await get(target, token), await get(target, token)];
      expect(second.cache).toBe('MISS');
      expect(second.text).not.toBe(first.text);
    },
  );

  it('capAtTokenExpiry: the copy does not outlive the token that fetched it', async () => {
    const ttl = await ttlOf(unseen('/capped'), await tokenOf(alice, { expiresInSeconds: 100 }));
    expect(ttl).toBeLessThanOrEqual(100);
    expect(ttl).toBeGreaterThan(40);
  });

  it('a response without freshness, on a route without a default, is not stored', async () => {
    const target = unseen('/own/a');
    await get(target, token);
    expect((await get(target, token)).cache).toBe('MISS');
  });
});

describe('a public route', () => {
  it('stripSetCookie: stored without the cookie, and nobody gets it', async () => {
    stack.origin.answer(page({ 'set-cookie': 'a=1' }));
    const target = unseen('/news/a').replace('unseen', 'page');
    const [first, second] = [await get(target, null), await get(target, null)];
    expect([first.cache, second.cache]).toEqual(['MISS', 'HIT']);
    for (const { headers } of [first, second]) expect(headers).not.toHaveProperty('set-cookie');
  });

  it('negativeTtlSeconds keeps a 404 for a while, and no other error', async () => {
    for (const [status, state] of [
      [404, 'HIT'],
      [403, 'MISS'],
      [500, 'MISS'],
    ] as const) {
      stack.origin.answer(page({}, status));
      const target = unseen('/news/a').replace('unseen', 'page');
      expect((await get(target, null)).status).toBe(status);
      expect((await get(target, null)).cache, String(status)).toBe(state);
    }
  });

  it('vary: one entry for each value of the header, which reaches the origin', async () => {
    const target = unseen('/news/a').replace('unseen', 'page');
    for (const language of ['en', 'cy']) {
      const headers = { 'accept-language': language };
      const [first, second] = [await get(target, null, { headers }), await get(target, null, { headers })];
      expect([first.cache, second.cache]).toEqual(['MISS', 'HIT']);
      expect(second.json<Echo>().headers['accept-language']).toBe(language);
      expect(second.headers.vary).toMatch(/accept-language/i);
    }
  });

  it('query: only the parameters of the list count, and reach the origin', async () => {
    const target = unseen('/news/a').replace('unseen', 'page');
    const first = await get(`${target}&other=1`, null);
    const second = await get(`${target}&other=2`, null);
    expect([first.cache, second.cache]).toEqual(['MISS', 'HIT']);
    expect(first.json<Echo>().url).toBe(target);
  });
});

it('purgeOnWrite: false: a write leaves the cache as it is', async () => {
  const target = unseen('/kept');
  await get(target, token);
  expect((await get('/kept', token, { method: 'POST', body: '{}' })).status).toBe(200);
  expect((await get(target, token)).cache).toBe('HIT');
});

it('lane: pass: nothing is stored', async () => {
  stack.origin.answer(page({ 'cache-control': 'public, max-age=60' }));
  const target = unseen('/around');
  for (let i = 0; i < 2; i++) expect((await get(target, null)).cache).toBe('BYPASS');
});

it('hosts: a request for another host is 421, and reaches no origin', async () => {
  const before = stack.origin.requests.length;
  for (const host of ['other.example', '127.0.0.1.other.example', 'localhost']) {
    expect((await get('/news/a', null, { headers: { host } })).status).toBe(421);
  }
  expect(stack.origin.requests.length).toBe(before);
  expect((await get('/news/a', await tokenOf(bob))).status).toBe(200);
});
