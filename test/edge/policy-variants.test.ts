import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../../demo/origin/people.ts';
import { buildService } from '../support/build-service.ts';
import type { SendOptions } from '../support/send.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { ask, tokenOf, unseen } from './support/client.ts';
import { page, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

const [alice, bob] = PEOPLE as [Person, Person];
let edge: RunningEdge;
let origin: ScriptedOrigin;
let token: string;
let expired: string;

beforeAll(async () => {
  const wasm = await buildService({ name: 'variants', policy: 'test/edge/policies/variants.ts' });
  origin = await startScriptedOrigin();
  edge = await startEdge({ originUrl: origin.url, wasm });
  [token, expired] = [await tokenOf(alice), await tokenOf(alice, { expiresInSeconds: -60 })];
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
});
beforeEach(() => origin.answer(echo));

const get = (target: string, who: string | null, options: SendOptions = {}) =>
  ask(edge, who, target, options);

/** Answers with what it was asked, and says nothing of freshness. */
const echo: RequestListener = (request, response) =>
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ url: request.url, headers: request.headers, id: Math.random() }));

interface Echo {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

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
    origin.answer(page({ 'cache-control': 'public, max-age=60', 'set-cookie': 'a=1' }));
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
    origin.answer(page(cacheControl === undefined ? {} : { 'cache-control': cacheControl }));
    expect(await ttlOf(unseen('/bounded/a'))).toBe(ttl);
  });

  it.each(['no-store', 'no-cache', 'private, max-age=0', 'max-age=10, no-store'])(
    'min never beats %s',
    async (cacheControl) => {
      origin.answer(page({ 'cache-control': cacheControl }));
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
    origin.answer(page({ 'set-cookie': 'a=1' }));
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
      origin.answer(page({}, status));
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

it('forwardCredential: false: the origin gets the claims, and not the credential', async () => {
  const { headers } = (await get(unseen('/anonymous'), token)).json<Echo>();
  expect(headers).not.toHaveProperty('authorization');
  expect(JSON.parse(headers['x-claimcache-claims'] ?? '')).toEqual({ sub: alice.sub });
});

it('cms.bearer: false: an unclaimed Bearer token is dropped, and the page is the public one', async () => {
  const target = unseen('/lost');
  origin.answer(page({ 'cache-control': 'public, max-age=60' }));
  expect((await get(target, null)).cache).toBe('MISS');
  expect((await get(target, token)).cache).toBe('HIT');
  expect((await get(target, null, { headers: { authorization: 'Basic eDp5' } })).cache).toBe('BYPASS');
});

it('lane: pass: nothing is stored', async () => {
  origin.answer(page({ 'cache-control': 'public, max-age=60' }));
  const target = unseen('/around');
  for (let i = 0; i < 2; i++) expect((await get(target, null)).cache).toBe('BYPASS');
});

it('hosts: a request for another host is 421, and reaches no origin', async () => {
  const before = origin.requests.length;
  for (const host of ['other.example', '127.0.0.1.other.example', 'localhost']) {
    expect((await get('/news/a', null, { headers: { host } })).status).toBe(421);
  }
  expect(origin.requests.length).toBe(before);
  expect((await get('/news/a', await tokenOf(bob))).status).toBe(200);
});
