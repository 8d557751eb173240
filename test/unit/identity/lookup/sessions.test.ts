import { describe, expect, test } from 'vitest';
import { person, sessionPolicy, startSite, WHOAMI } from './session-policy.ts';

const ALICE = { sub: 'alice', team: 'red' };
const BOB = { sub: 'bob', team: 'red' };

async function twoPeople() {
  const site = await startSite();
  site.sessions.set('a1', person(ALICE));
  site.sessions.set('a2', person(ALICE));
  site.sessions.set('b1', person(BOB));
  return site;
}

describe('a session that is known', () => {
  test('is asked about once, and its page is a HIT for it and for no other person', async () => {
    const { get, asked } = await twoPeople();
    expect((await get('a1')).headers.get('x-cache')).toBe('MISS');
    const again = await get('a1');
    expect([again.headers.get('x-cache'), await again.text()]).toEqual(['HIT', 'page for sid=a1']);
    const bob = await get('b1');
    expect([bob.headers.get('x-cache'), await bob.text()]).toEqual(['MISS', 'page for sid=b1']);
    expect(asked()).toEqual(['sid=a1', 'sid=b1']);
  });

  test('of the same person shares the page of the other session', async () => {
    const { get } = await twoPeople();
    await get('a1');
    expect((await get('a2')).headers.get('x-cache')).toBe('HIT');
  });

  test('is asked about with that cookie alone, and nothing else of the request', async () => {
    const { edge, sessions } = await startSite();
    sessions.set('a1', person(ALICE));
    await edge.fetch('/mine/page?secret=1', {
      headers: {
        cookie: 'other=1; sid=a1; third=3',
        authorization: 'Basic eDp5',
        'accept-language': 'de',
        'x-forwarded-for': '203.0.113.9',
        'user-agent': 'somebody',
      },
    });
    const [request] = edge.originRequests;
    expect(request?.url).toBe(`https://www.test${WHOAMI}`);
    expect(Object.fromEntries(request?.headers ?? [])).toEqual({
      accept: 'application/json',
      'accept-encoding': 'identity',
      'cache-control': 'no-store',
      cookie: 'sid=a1',
      'user-agent': 'claimcache',
      'x-forwarded-proto': 'https',
    });
  });

  test('is asked about again after 60 seconds', async () => {
    const { get, asked, edge } = await twoPeople();
    await get('a1');
    edge.advance(59);
    await get('a1');
    expect(asked()).toHaveLength(1);
    edge.advance(1);
    await get('a1');
    expect(asked()).toHaveLength(2);
  });

  test.each([
    ['its exp', { ...ALICE, exp: Date.UTC(2026, 0, 1) / 1000 + 20 }, {}],
    ['max-age', ALICE, { 'cache-control': 'private, max-age=20' }],
  ])('never counts longer than %s', async (_, claims, headers) => {
    const { get, asked, edge, sessions } = await startSite();
    sessions.set('a1', person(claims, headers));
    await get('a1');
    edge.advance(19);
    await get('a1');
    expect(asked()).toHaveLength(1);
    edge.advance(1);
    const status = (await get('a1')).status;
    expect([asked().length, status]).toEqual([2, 'exp' in claims ? 401 : 200]);
  });

  test.each(['no-store', 'private, no-cache', 'max-age=0', 'private, max-age="1'])(
    'is not remembered where the answer says %s',
    async (cacheControl) => {
      const { get, asked, sessions } = await startSite();
      sessions.set('a1', person(ALICE, { 'cache-control': cacheControl }));
      await get('a1');
      expect((await get('a1')).headers.get('x-cache')).toBe('HIT');
      expect(asked()).toHaveLength(2);
    },
  );

  test('is asked about once by many requests of one moment', async () => {
    const { get, asked, sessions } = await startSite();
    sessions.set('a1', async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return person(ALICE)();
    });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => get('a1', `/mine/${i}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(asked()).toHaveLength(1);
  });
});

describe('a session that is nobody’s', () => {
  const answers: [string, () => Response][] = [
    ['401', () => new Response(null, { status: 401 })],
    ['403', () => new Response(null, { status: 403 })],
    ['a redirect to the login', () => new Response(null, { status: 302, headers: { location: '/login' } })],
    ['204', () => new Response(null, { status: 204 })],
    ['a login page', () => new Response('<html>{"sub":"x"}', { headers: { 'content-type': 'text/html' } })],
    [
      'JSON by another name',
      () => new Response('{"sub":"x"}', { headers: { 'content-type': 'text/plain' } }),
    ],
    ['null', person(null)],
    ['an object without the claim', person({ user: null })],
    ['a claim that is null', person({ sub: null, team: null })],
    ['a claim that is an object', person({ sub: { $gt: '' } })],
    ['an inherited claim', () => person(JSON.parse('{"__proto__":{"sub":"alice"}}'))()],
    ['one that is over', person({ ...ALICE, exp: 1 })],
    ['one that has not begun', person({ ...ALICE, nbf: 9_999_999_999 })],
    ['an exp that is no time', person({ ...ALICE, exp: 'never' })],
  ];
  test.each(answers)('is 401 (%s), remembered for a moment', async (_, answer) => {
    const { get, asked, edge, sessions } = await startSite();
    sessions.set('x', answer);
    const refused = await get('x');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(edge.logs.at(-1)?.code).toBe('ERR_SESSION_UNKNOWN');
    await get('x');
    expect(asked()).toHaveLength(1);
    edge.advance(10);
    await get('x');
    expect(asked()).toHaveLength(2);
    // No redirect is followed, and no page is asked for.
    expect(edge.originRequests).toHaveLength(2);
  });

  test('follows the route’s onInvalid, without the cookie', async () => {
    const { get, edge } = await startSite();
    expect(await (await get('x', '/home')).text()).toBe('page for nobody');
    expect(edge.logs.at(-1)).toMatchObject({ lane: 'public', reason: 'scope-fallback-public' });
  });

  test('is limited by client, while known sessions go on', async () => {
    const policy = sessionPolicy({ limit: { count: 3 } });
    const { get, asked, sessions } = await startSite(policy);
    sessions.set('a1', person(ALICE));
    await get('a1');
    for (let i = 0; i < 3; i++) expect((await get(`bad${i}`)).status).toBe(401);
    const limited = await get('bad3');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '60']);
    const before = asked().length;
    for (let i = 4; i < 8; i++) expect((await get(`bad${i}`)).status).toBe(429);
    expect(asked()).toHaveLength(before);
    expect((await get('a1')).status).toBe(200);
  });

  test.each(['two unequal cookies', 'a huge cookie'])('%s are refused and nobody is asked', async (what) => {
    const { edge, asked, sessions } = await startSite();
    sessions.set('a1', person(ALICE));
    const cookie = what === 'a huge cookie' ? `sid=${'a'.repeat(9000)}` : 'sid=a1; sid=b1';
    expect((await edge.fetch('/mine/page', { headers: { cookie } })).status).toBe(401);
    expect(asked()).toEqual([]);
  });
});

describe('an endpoint that gives no verdict', () => {
  const answers: [string, () => Response | Promise<Response>][] = [
    ['404', () => new Response(null, { status: 404 })],
    ['429', () => new Response(null, { status: 429 })],
    [
      '500',
      () => new Response('{"sub":"alice"}', { status: 500, headers: { 'content-type': 'application/json' } }),
    ],
    [
      '201',
      () => new Response('{"sub":"alice"}', { status: 201, headers: { 'content-type': 'application/json' } }),
    ],
    ['a list', person([ALICE])],
    ['a text', person('alice')],
    ['no JSON', () => new Response('{"sub":', { headers: { 'content-type': 'application/json' } })],
    ['nothing', () => new Response('', { headers: { 'content-type': 'application/json' } })],
    [
      'a member twice',
      () => new Response('{"sub":"alice","sub":"bob"}', { headers: { 'content-type': 'application/json' } }),
    ],
    ['too much', person({ ...ALICE, more: 'x'.repeat(20_000) })],
    ['an answer out of a cache', person(ALICE, { age: '3' })],
    ['a hit', person(ALICE, { 'x-cache': 'HIT from here' })],
    ['a hit by RFC 9211', person(ALICE, { 'cache-status': 'proxy; hit' })],
    ['an answer for everybody', person(ALICE, { 'cache-control': 'public, max-age=60' })],
    ['an answer for a shared cache', person(ALICE, { 'cache-control': 's-maxage=60' })],
    ['no connection', () => Promise.reject(new Error('sid=x refused'))],
  ];
  test.each(answers)('is 503 (%s), and never a public page', async (_, answer) => {
    const { get, edge, sessions } = await startSite();
    sessions.set('x', answer);
    for (const path of ['/mine/page', '/home']) {
      const failed = await get('x', path);
      expect([failed.status, failed.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    }
    expect(edge.logs.at(-1)?.code).toBe('ERR_SESSION_UNAVAILABLE');
    expect(JSON.stringify(edge.logs)).not.toContain('sid=x');
  });

  test('is asked again a second later', async () => {
    const { get, edge, asked, sessions } = await startSite();
    sessions.set('a1', () => new Response(null, { status: 500 }));
    await get('a1');
    expect((await get('a1')).status).toBe(503);
    expect(asked()).toHaveLength(1);
    sessions.set('a1', person(ALICE));
    edge.advance(1);
    expect((await get('a1')).status).toBe(200);
  });

  test('is waited for no longer than its timeout', async () => {
    const { get, edge, sessions } = await startSite(sessionPolicy({ timeoutMs: 50 }));
    sessions.set('a1', () => new Promise(() => {}));
    expect((await get('a1')).status).toBe(503);
    expect(edge.logs.at(-1)?.cause).toContain('nothing came in 50 ms');
  });
});

describe('what is known is forgotten', () => {
  const setting = (value: string) => (request: Request) =>
    new URL(request.url).pathname === '/login'
      ? new Response('done', { headers: { 'set-cookie': value } })
      : null;

  test.each(['sid=new; Path=/', 'sid=; Max-Age=0'])(
    'where the origin answers with Set-Cookie: %s',
    async (value) => {
      const { get, asked, sessions } = await startSite(sessionPolicy(), setting(value));
      sessions.set('a1', person(ALICE));
      await get('a1');
      sessions.delete('a1');
      expect((await get('a1')).status).toBe(200);
      await get('a1', '/login');
      expect((await get('a1')).status).toBe(401);
      expect(asked()).toHaveLength(2);
    },
  );

  test('not where it sets another cookie', async () => {
    const { get, asked, sessions } = await startSite(sessionPolicy(), setting('theme=dark'));
    sessions.set('a1', person(ALICE));
    await get('a1');
    await get('a1', '/login');
    await get('a1');
    expect(asked()).toHaveLength(1);
  });

  test('after a write on a route without a scope: a login that keeps its cookie counts at once', async () => {
    const { get, sessions } = await startSite();
    expect((await get('a1')).status).toBe(401);
    await get('a1', '/login', { method: 'POST' });
    sessions.set('a1', person(ALICE));
    expect((await get('a1')).status).toBe(200);
  });

  test('after a write of theirs, with all other sessions of that person, and their pages', async () => {
    const { get, asked, sessions } = await twoPeople();
    for (const sid of ['a1', 'a2', 'b1']) await get(sid);
    sessions.set('a2', person(BOB));
    await get('a1', '/mine/page', { method: 'POST' });
    expect((await get('b1')).headers.get('x-cache')).toBe('HIT');
    expect((await get('a1')).headers.get('x-cache')).toBe('MISS');
    expect(await (await get('a2')).text()).toBe('page for sid=b1');
    expect(asked()).toEqual(['sid=a1', 'sid=a2', 'sid=b1', 'sid=a1', 'sid=a2']);
  });

  test('not by a write that the origin has refused', async () => {
    const refuse = ({ method }: Request) => (method === 'POST' ? new Response(null, { status: 422 }) : null);
    const { get, asked, sessions } = await startSite(sessionPolicy(), refuse);
    sessions.set('a1', person(ALICE));
    await get('a1');
    await get('a1', '/mine/page', { method: 'POST' });
    await get('a1');
    expect(asked()).toHaveLength(1);
  });

  test('by a purge of the person, and not by one of their team', async () => {
    const { get, asked, edge } = await twoPeople();
    await get('a1');
    await edge.purge('team', 'red');
    await get('a1');
    expect(asked()).toHaveLength(1);
    await edge.purge('user', 'alice');
    await get('a1');
    expect(asked()).toHaveLength(2);
  });

  test('and an answer that was on its way meanwhile does not come back', async () => {
    const { get, asked, sessions } = await startSite(sessionPolicy(), setting('sid=; Max-Age=0'));
    let answer = () => {};
    const isAsked = new Promise<void>((resolve) => {
      sessions.set('a1', () => {
        resolve();
        return new Promise((done) => {
          answer = () => done(person(ALICE)());
        });
      });
    });
    const first = get('a1');
    await isAsked;
    await get('a1', '/login');
    answer();
    await first;
    sessions.delete('a1');
    expect((await get('a1')).status).toBe(401);
    expect(asked()).toHaveLength(2);
  });
});

describe('a session', () => {
  test('obeys issuer, audience and required claims as a token does', async () => {
    const site = await startSite(
      sessionPolicy({}, { issuer: 'https://www.test', audience: 'site', requiredClaims: { kind: 'web' } }),
    );
    const good = { ...ALICE, iss: 'https://www.test', aud: ['site'], kind: 'web' };
    site.sessions.set('good', person(good));
    site.sessions.set('iss', person({ ...good, iss: 'https://other.test' }));
    site.sessions.set('aud', person({ ...good, aud: 'other' }));
    site.sessions.set('kind', person({ ...good, kind: 'app' }));
    const status = async (sid: string) => (await site.get(sid)).status;
    expect(await Promise.all(['good', 'iss', 'aud', 'kind'].map(status))).toEqual([200, 401, 401, 401]);
  });

  test('stands in no key, log or explanation in clear', async () => {
    const { get, edge, sessions } = await startSite();
    sessions.set('canary-4711', person(ALICE));
    await get('canary-4711');
    await get('canary-4711', '/mine/page', { method: 'POST' });
    await get('canary-wrong');
    const plan = await edge.plan('/mine/page', { headers: { cookie: 'sid=canary-4711' } });
    expect(plan).toMatchObject({ lane: 'scoped', scope: 'user' });
    expect(JSON.stringify([edge.logs, plan])).not.toContain('canary');
  });

  test('the team’s page gets the team and no cookie', async () => {
    const page = () => new Response('team', { headers: { 'cache-control': 'public, max-age=60' } });
    const { get, edge, sessions } = await startSite(sessionPolicy(), ({ url }) =>
      new URL(url).pathname === '/team' ? page() : null,
    );
    sessions.set('a1', person(ALICE));
    sessions.set('b1', person(BOB));
    await get('a1', '/team');
    expect((await get('b1', '/team')).headers.get('x-cache')).toBe('HIT');
    const asked = edge.originRequests.find(({ url }) => new URL(url).pathname === '/team');
    expect(asked?.headers.get('cookie')).toBeNull();
    expect(asked?.headers.get('x-claimcache-claims')).toBe('{"team":"red"}');
  });

  test('`as` says who a session is, and the same person has the same one', async () => {
    const { edge } = await startSite();
    await edge.fetch('/mine/page', { as: ALICE });
    expect((await edge.fetch('/mine/page', { as: ALICE })).headers.get('x-cache')).toBe('HIT');
    expect((await edge.fetch('/mine/page', { as: BOB })).headers.get('x-cache')).toBe('MISS');
    expect((await edge.fetch('/mine/page', { as: ALICE, expiresInSeconds: -1 })).status).toBe(401);
  });
});
