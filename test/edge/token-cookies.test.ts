import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canaryOf, PEOPLE, type Person, personOf } from '../site/people.ts';
import { AUTHJS, authjsCookies, nextauthCookie } from '../support/auth-sessions.ts';
import { buildService } from '../support/build-service.ts';
import { leaseEdge } from '../support/lease-edge.ts';
import type { RunningEdge } from '../support/start-edge.ts';
import { supabaseCookies } from '../support/supabase-cookies.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

// Tokens in cookies as applications keep them, encrypted sessions, tokens in the query, and a password in front of it all.
const [alice, bob] = PEOPLE as [Person, Person];
const AUTH_SECRET = 'the secret of an Auth.js application, 32 bytes or more';
const OLD_SECRET = 'what it was before it was changed, 32 bytes or more';
const LONG = 'é'.repeat(2500);
const BASIC = `Basic ${Buffer.from('staging:password').toString('base64')}`;
let origin: ScriptedOrigin;
let edge: RunningEdge;

beforeAll(async () => {
  const wasm = await buildService({ name: 'token-cookies', policy: 'test/edge/policies/token-cookies.ts' });
  const secrets = { auth_secret: JSON.stringify([AUTH_SECRET, OLD_SECRET]) };
  ({ edge, origin } = await leaseEdge({ wasm, secrets }, (ports) => startScriptedOrigin(ports.origin)));
  // Each page is of who the edge says it is for, and of nobody where it says nothing.
  origin.answer((request, response) => {
    const claims = String(request.headers['x-claimcache-claims'] ?? '{}');
    const person = personOf(String(JSON.parse(claims).sub));
    const body = `${person === undefined ? 'anonymous' : canaryOf(person)} ${claims}`;
    const cache = person === undefined ? 'public, max-age=300' : 'private, max-age=300';
    response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': cache }).end(body);
  });
});
afterAll(async () => {
  await origin?.stop();
  await edge?.stop();
});

const asked = () => origin.requests.at(-1);
const withCookie = (cookie: string) => ({ headers: { cookie } });
const get = (target: string, cookie: string) => ask(edge, null, target, withCookie(cookie));

const authjs = ({ sub }: Person, about = '', secret = AUTH_SECRET) => authjsCookies({ sub, about }, secret);
const nextauth = ({ sub }: Person) => nextauthCookie({ sub }, AUTH_SECRET);
const json = async (person: Person) =>
  `app_session=${encodeURIComponent(JSON.stringify({ access_token: await tokenOf(person) }))}`;

/** A new session of a person, each time another text, and where it is shown. */
const KINDS: readonly [string, string, (person: Person) => Promise<string>, RegExp][] = [
  ['Auth.js', '/authjs/orders', (person) => authjs(person), /^__Secure-authjs\.session-token=\S+$/],
  ['Auth.js in chunks', '/authjs/orders', (person) => authjs(person, LONG), /token\.0=\S+; \S+token\.1=\S+$/],
  ['Auth.js by the older secret', '/authjs/orders', (person) => authjs(person, '', OLD_SECRET), /./],
  ['NextAuth 4', '/nextauth/orders', nextauth, /^next-auth\.session-token=\S+$/],
  [
    'Supabase',
    '/supabase/orders',
    async (person) => (await supabaseCookies(await tokenOf(person))).join('; '),
    /base64-/,
  ],
  [
    'Supabase in chunks',
    '/supabase/orders',
    async (person) => (await supabaseCookies(await tokenOf(person), LONG)).join('; '),
    /auth-token\.0=base64-\S+; \S+auth-token\.1=/,
  ],
  ['JSON', '/json/orders', json, /^app_session=%7B/],
];

describe.each(KINDS)('%s', (_, path, sessionOf, sent) => {
  it('is cached for each person, a refreshed session hits, and nobody sees what is another’s', async () => {
    const target = unseen(path);
    for (const person of [alice, bob]) {
      const cookie = await sessionOf(person);
      const first = await get(target, `theme=dark; ${cookie}`);
      expect(first).toMatchObject({ status: 200, cache: 'MISS' });
      expect(first.text).toContain(canaryOf(person));
      // That credential and nothing else, as it was read.
      expect(asked()?.headers.cookie).toBe(cookie);
      expect(asked()?.headers.cookie).toMatch(sent);
    }
    for (const person of [bob, alice, bob]) {
      const other = person === alice ? bob : alice;
      const answer = await get(target, await sessionOf(person));
      expect(answer).toMatchObject({ status: 200, cache: 'HIT' });
      expect(answer.text).toContain(canaryOf(person));
      expect(answer.text).not.toContain(canaryOf(other));
      expect(answer.headers.vary).toMatch(/cookie/i);
    }
    expect((await ask(edge, null, target)).status).toBe(401);
  });

  it('of two people at once is refused, and so is one bit more', async () => {
    const before = origin.requests.length;
    const [ofAlice, ofBob] = [await sessionOf(alice), await sessionOf(bob)];
    const target = unseen(path);
    expect((await get(target, `${ofAlice}; ${ofBob}`)).status).toBe(401);
    expect((await get(target, `${ofAlice}x`)).status).toBe(401);
    expect((await get(target, ofAlice.replace(/=(.)/, '=_$1'))).status).toBe(401);
    expect(origin.requests.length).toBe(before);
    // The same twice is one.
    expect(await get(target, `${ofAlice}; ${ofAlice}`)).toMatchObject({ status: 200, cache: 'MISS' });
  });

  it('passes with a write, alone of all that looks like it, and purges that person', async () => {
    const target = unseen(path);
    const cookie = await sessionOf(alice);
    await get(target, cookie);
    const name = cookie.slice(0, cookie.indexOf('=')).replace(/\.0$/, '');
    const encoded = `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
    const lookalikes = [name.toUpperCase(), encoded, `${name}.sig`, `${encoded}.0`].map((one) => `${one}=x`);
    // Auth.js takes every cookie for a chunk whose name begins so.
    if (path.startsWith('/authjs')) lookalikes.push(`${name}z=x`);
    const answer = await ask(edge, null, target, {
      method: 'PUT',
      body: '1',
      ...withCookie(`a=1; ${lookalikes.join('; ')}; ${cookie}; b=2`),
    });
    expect(answer).toMatchObject({ status: 200, cache: 'BYPASS' });
    expect(asked()?.headers.cookie).toBe(`a=1; b=2; ${cookie}`);
    expect((await get(target, cookie)).cache).toBe('MISS');
  });
});

describe('chunks', () => {
  it('that do not fit are refused, and no origin hears of them', async () => {
    const [first = '', second = ''] = (await authjs(alice, LONG)).split('; ');
    const whole = `${AUTHJS}=${first.slice(first.indexOf('=') + 1)}${second.slice(second.indexOf('=') + 1)}`;
    const before = origin.requests.length;
    const wrong = [
      first,
      second,
      `${second}; ${first}`,
      `${first}; ${second.replace('.1=', '.2=')}`,
      `${first}; ${second.replace('.1=', '.01=')}`,
      `${first}; ${second}; ${AUTHJS}.2=`,
      `${first}; ${second}; ${whole}`,
      `${AUTHJS}=; ${first}; ${second}`,
      `${first}; ${first}x; ${second}`,
      Array.from({ length: 40 }, (_, i) => `${AUTHJS}.${i}=a`).join('; '),
      `${AUTHJS}.0=${'a'.repeat(4200)}; ${AUTHJS}.1=${'a'.repeat(4200)}`,
    ];
    for (const cookie of wrong)
      expect((await get('/authjs/chunks', cookie)).status, cookie.slice(0, 60)).toBe(401);
    expect(origin.requests.length).toBe(before);
  });

  it('of one person and of another are no third one: each is refused', async () => {
    const [ofAlice = '', tail = ''] = (await authjs(alice, LONG)).split('; ');
    const [ofBob = '', other = ''] = (await authjs(bob, LONG)).split('; ');
    for (const cookie of [`${ofAlice}; ${other}`, `${ofBob}; ${tail}`])
      expect((await get('/authjs/mixed', cookie)).status).toBe(401);
  });

  it('of a pattern that means two projects are refused, and a shared scope gets none of them', async () => {
    const ofAlice = await supabaseCookies(await tokenOf(alice), LONG);
    const ofBob = (await supabaseCookies(await tokenOf(bob), LONG)).map((one) => one.replace('sb-a', 'sb-b'));
    expect((await get('/supabase/two', [...ofAlice, ...ofBob].join('; '))).status).toBe(401);
    const target = unseen('/tenant/list');
    const answer = await get(target, ofAlice.join('; '));
    expect(answer.status).toBe(200);
    expect(asked()?.headers).not.toHaveProperty('cookie');
    expect(asked()?.headers['x-claimcache-claims']).toBe('{"tenant.id":"acme"}');
  });

  it('that count for nobody reach no origin', async () => {
    const [first = ''] = await supabaseCookies(await tokenOf(alice), LONG);
    const page = await get(unseen('/open/page'), `${first}; theme=dark`);
    expect(page.text).toContain('anonymous');
    expect(asked()?.headers).not.toHaveProperty('cookie');
    await ask(edge, null, '/open/page', { method: 'POST', body: '1', ...withCookie(`${first}; theme=dark`) });
    expect(asked()?.headers.cookie).toBe('theme=dark');
  });

  it('are no cookies that mean nothing: a page that no route names passes', async () => {
    const cookie = 'sb-abc-auth-token.0=x';
    const [line] = await loggedBy(edge, () => get(unseen('/elsewhere'), cookie));
    expect(line).toMatchObject({ lane: 'pass', reason: 'fallback-cookie' });
    expect(JSON.stringify(line)).not.toContain('=x');
  });
});

describe('a token in the query', () => {
  it('is part of no key, and reaches no origin on any lane', async () => {
    const page = unseen('/link/orders');
    const tokens = { alice: await tokenOf(alice), bob: await tokenOf(bob), again: await tokenOf(alice) };
    const first = await ask(edge, null, `${page}&token=${tokens.alice}&b=2`);
    expect(first).toMatchObject({ status: 200, cache: 'MISS' });
    expect(first.text).toContain(canaryOf(alice));
    expect(asked()?.url).not.toContain('token');
    const second = await ask(edge, null, `${page}&b=2&token=${tokens.again}`);
    expect(second).toMatchObject({ status: 200, cache: 'HIT' });
    const other = await ask(edge, null, `${page}&b=2&%74oken=${tokens.bob.replaceAll('.', '%2E')}`);
    expect(other).toMatchObject({ status: 200, cache: 'MISS' });
    expect(other.text).toContain(canaryOf(bob));
    // In a header it is the same person.
    expect((await ask(edge, tokens.alice, `${page}&b=2`)).cache).toBe('HIT');
    for (const path of ['/link/write', '/pub/page', '/pass/page', '/elsewhere']) {
      const method = path === '/link/write' ? 'POST' : 'GET';
      const headers = { referer: `https://www.example.com/link/orders?token=${tokens.alice}&a=1` };
      await ask(edge, null, `${unseen(path)}&token=${tokens.alice}&x=1;token=y`, { method, headers }).catch(
        () => null,
      );
      expect(JSON.stringify([asked()?.url, asked()?.headers])).not.toContain(tokens.alice.slice(-20));
      expect(asked()?.url).not.toContain('token');
    }
  });

  it('in two places, twice, or in a spelling that not everybody reads is refused', async () => {
    const [one, two] = [await tokenOf(alice), await tokenOf(bob)];
    const before = origin.requests.length;
    const page = unseen('/link/orders');
    for (const query of [
      `token=${one}&token=${one}`,
      `token=${one}&%74oken=${two}`,
      `a=1;token=${one}`,
      `%2574oken=${one}`,
      `token%20=${one}`,
      `token[]=${one}`,
      `+token=${one}`,
    ])
      expect((await ask(edge, null, `${page}&${query}`)).status, query.slice(0, 12)).toBe(401);
    expect((await ask(edge, two, `${page}&token=${one}`)).status).toBe(401);
    expect((await ask(edge, one, `${page}&token=${one}`)).status).toBe(401);
    expect((await get(`${page}&token=${one}`, `session=${one}`)).status).toBe(401);
    // Another case is another parameter.
    expect((await ask(edge, null, `${page}&Token=${one}`)).status).toBe(401);
    expect(origin.requests.length).toBe(before);
  });

  it('that has verified reaches an origin where the policy says so, and is no part of the key there either', async () => {
    const page = unseen('/sent/orders');
    const token = await tokenOf(alice);
    await ask(edge, null, `${page}&access=${token}`);
    expect(asked()?.url).toBe(`${page}&access=${token}`);
    expect((await ask(edge, null, `${page}&access=${await tokenOf(alice)}`)).cache).toBe('HIT');
    await ask(edge, null, `${page}&access=${token}`, { method: 'POST', body: '1' });
    expect(asked()?.url).toBe(`${page}&access=${token}`);
    await ask(edge, null, `${unseen('/pub/page')}&access=${token}`);
    expect(asked()?.url).not.toContain('access');
  });

  it('stands in no redirect and in no line of the log', async () => {
    const token = await tokenOf(alice);
    await edge.configure({ https: 'redirect' });
    const answer = await ask(edge, null, `/link/orders?a=1&token=${token}`);
    await edge.configure({});
    expect(answer.status).toBe(308);
    expect(answer.headers.location).toMatch(/^https:\/\/[^/]+\/link\/orders\?a=1$/);
    const lines = await loggedBy(edge, () => ask(edge, null, `/link/orders?token=${token}x&a=${token}`));
    expect(JSON.stringify(lines)).not.toContain(token.slice(0, 20));
  });
});

describe('a password in front of a site', () => {
  it('passes beside a session, verified, and reaches the origin; nothing is served past it', async () => {
    const page = unseen('/staging/orders');
    const cookie = `session=${await tokenOf(alice)}`;
    // Without a password it is cached as ever.
    expect((await get(page, cookie)).cache).toBe('MISS');
    expect((await get(page, cookie)).cache).toBe('HIT');
    for (const method of ['GET', 'POST']) {
      const headers = { cookie: `${cookie}; a=1`, authorization: BASIC };
      const answer = await ask(edge, null, page, { method, headers });
      expect(answer).toMatchObject({ status: 200, cache: 'BYPASS' });
      expect(answer.text).toContain(canaryOf(alice));
      expect(asked()?.headers).toMatchObject({ authorization: BASIC, cookie: `a=1; ${cookie}` });
    }
  });

  it('is no credential of ours, and hides none', async () => {
    const page = unseen('/staging/orders');
    const token = await tokenOf(alice);
    expect((await ask(edge, null, page, { headers: { authorization: BASIC } })).status).toBe(401);
    const both = { authorization: `${BASIC}, Bearer ${token}`, cookie: `session=${token}` };
    expect((await ask(edge, null, page, { headers: both })).status).toBe(401);
    expect(await ask(edge, token, page)).toMatchObject({ status: 200, cache: 'MISS' });
    const [line] = await loggedBy(edge, () =>
      ask(edge, null, page, { headers: { cookie: `session=${token}`, authorization: BASIC } }),
    );
    expect(line).toMatchObject({ lane: 'pass', reason: 'other-scheme', provider: 'link' });
  });
});
