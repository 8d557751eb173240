import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../site/people.ts';
import type { SendOptions } from '../support/send.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { type Echo, echo, page } from './support/scripted-origin.ts';
import { type ScriptedStack, startScriptedStack, VARIANTS } from './support/scripted-stack.ts';

const [alice] = PEOPLE as [Person];
let stack: ScriptedStack;
let token: string;
let expired: string;
beforeAll(async () => {
  stack = await startScriptedStack(VARIANTS);
  token = await tokenOf(alice);
  expired = await tokenOf(alice, { expiresInSeconds: -60 });
});
afterAll(() => stack?.stop());
beforeEach(() => stack.origin.answer(echo));

const get = (target: string, who: string | null, options: SendOptions = {}) =>
  ask(stack.edge, who, target, options);

describe('onMissing and onInvalid', () => {
  it('public: who has no valid token shares one entry, and the origin sees no credential', async () => {
    const target = unseen('/feed');
    const answers = [];
    for (const [who, headers] of [
      [null, {}],
      [expired, {}],
      ['not-a-token', {}],
      [null, { cookie: `theme=dark; session=${expired}` }],
    ] as const) {
      answers.push(await get(target, who, { headers }));
    }
    expect(answers.map(({ cache }) => cache)).toEqual(['MISS', 'HIT', 'HIT', 'HIT']);
    for (const answer of answers) {
      expect(answer.json<Echo>().headers).not.toHaveProperty('authorization');
      expect(answer.json<Echo>().headers).not.toHaveProperty('cookie');
    }
  });

  it('public: when the first to ask has an invalid token, the origin does not see it', async () => {
    const answer = await get(unseen('/feed'), expired);
    expect(answer.cache).toBe('MISS');
    expect(answer.json<Echo>().headers).not.toHaveProperty('authorization');
  });

  it('public: a person and the public never share an entry, and browsers keep them apart', async () => {
    const target = unseen('/feed');
    const anonymous = await get(target, null);
    const personal = await get(target, token);
    expect([anonymous.cache, personal.cache]).toEqual(['MISS', 'MISS']);
    expect(personal.json<Echo>().headers.authorization).toBe(`Bearer ${token}`);
    for (const answer of [anonymous, personal, await get(target, null), await get(target, token)]) {
      expect(answer.headers.vary).toMatch(/authorization/i);
      expect(answer.headers.vary).toMatch(/cookie/i);
    }
  });

  it('public: a response that sets a cookie is not stored', async () => {
    stack.origin.answer(page({ 'cache-control': 'public, max-age=60', 'set-cookie': 'a=1' }));
    const target = unseen('/feed');
    const [first, second] = [await get(target, null), await get(target, null)];
    expect(second.text).not.toBe(first.text);
  });

  it('pass: the request goes to the origin every time, no-store goes out', async () => {
    const target = unseen('/mixed');
    for (const who of [null, expired]) {
      for (let i = 0; i < 2; i++) {
        const answer = await get(target, who);
        expect(answer.cache).toBe('BYPASS');
        expect(answer.headers['cache-control']).toBe('private, no-store, max-age=0');
      }
    }
    expect((await get(target, token)).cache).toBe('MISS');
    expect((await get(target, token)).cache).toBe('HIT');
  });

  it('an editor on such a route passes', async () => {
    const headers = { cookie: 'cms_session=1' };
    expect((await get('/feed', null, { headers })).cache).toBe('BYPASS');
    expect((await get('/feed', token, { headers })).cache).toBe('BYPASS');
  });
});

it('forwardCredential: false: the origin gets the claims, and not the credential', async () => {
  const { headers } = (await get(unseen('/anonymous'), token)).json<Echo>();
  expect(headers).not.toHaveProperty('authorization');
  expect(JSON.parse(headers['x-claimcache-claims'] ?? '')).toEqual({ sub: alice.sub });
});

it('cms.bearer: false: an unclaimed Bearer token is dropped, and the page is the public one', async () => {
  const target = unseen('/lost');
  stack.origin.answer(page({ 'cache-control': 'public, max-age=60' }));
  expect((await get(target, null)).cache).toBe('MISS');
  expect((await get(target, token)).cache).toBe('HIT');
  expect((await get(target, null, { headers: { authorization: 'Basic eDp5' } })).cache).toBe('BYPASS');
});

describe("fallback: 'auto', of a path that no route names", () => {
  it.each<[string, Record<string, string>, string]>([
    ['a cookie that the policy does not ignore', { cookie: 'theme=dark; sid=1' }, 'fallback-cookie'],
    ['a cookie without a name', { cookie: 'theme=dark; abcdef' }, 'fallback-cookie'],
    ['a cookie whose name is empty', { cookie: '=abcdef' }, 'fallback-cookie'],
    ['a header that a scope takes whole', { 'x-api-key': 'a-key' }, 'fallback-credential'],
  ])('%s passes, and the origin gets it', async (_, headers, reason) => {
    const target = unseen('/unnamed');
    stack.origin.answer((request, response) =>
      response.setHeader('cache-control', 'public, max-age=60').end(JSON.stringify(request.headers)),
    );
    expect((await get(target, null)).cache).toBe('MISS');
    const lines = await loggedBy(stack.edge, async () => {
      const answer = await get(target, null, { headers });
      expect([answer.cache, answer.headers['cache-control']]).toEqual(['BYPASS', 'public, max-age=60']);
      expect(answer.json<Record<string, string>>()).toMatchObject(headers);
    });
    expect(lines).toMatchObject([{ lane: 'pass', reason }]);
    expect(JSON.stringify(lines)).not.toMatch(/abcdef|a-key/);
  });

  it('who sends nothing but what is ignored shares the page of nobody', async () => {
    const target = unseen('/unnamed');
    stack.origin.answer(page({ 'cache-control': 'public, max-age=60' }));
    expect((await get(target, null)).cache).toBe('MISS');
    expect((await get(target, null, { headers: { cookie: '_ga=1; theme=dark; ;' } })).cache).toBe('HIT');
  });
});
