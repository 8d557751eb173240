import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SessionOrigin, startSessionOrigin } from '../session-site/session-origin.ts';
import { siteKeys } from '../site/keys.ts';
import { buildService } from '../support/build-service.ts';
import { type SendOptions, send } from '../support/send.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';

const CLIENT_SECRET = 'a-secret-of-the-edge-at-its-issuer';

let origin: SessionOrigin;
let idp: Server;
let edge: RunningEdge;
let operator: { authorization: string };

beforeAll(async () => {
  const keys = await siteKeys();
  operator = { authorization: `Bearer ${keys.operatorToken}` };
  origin = await startSessionOrigin(keys);
  idp = createServer(issuer().callback());
  idp.listen(0, '127.0.0.1');
  await once(idp, 'listening');
  const wasm = await buildService({ name: 'sessions', policy: 'test/session-site/src/policy.ts' });
  edge = await startEdge({
    originUrl: origin.url,
    wasm,
    backends: { idp: idpUrl() },
    secrets: { edge_client: CLIENT_SECRET },
  });
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
  idp?.close();
  idp?.closeAllConnections();
});

const idpUrl = () => `http://127.0.0.1:${(idp.address() as AddressInfo).port}`;

const get = (sid: string | null, path = '/me', options: SendOptions = {}) =>
  send(edge.url, path, {
    ...options,
    headers: { ...(sid !== null && { cookie: `sid=${sid}` }), ...options.headers },
  });
const post = (sid: string | null, path: string, body = '') =>
  get(sid, path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

/** Signs in through the edge; returns the session cookie. */
async function login(name: string, before: string | null = null): Promise<string> {
  const answer = await post(before, '/login', `name=${name}`);
  const [, sid] = /^sid=([^;]+)/.exec(String(answer.headers['set-cookie'])) ?? [];
  if (answer.status !== 303 || sid === undefined) throw new Error(`no login: ${answer.status}`);
  return sid;
}

const canaryOf = (name: string) => origin.accounts.get(name)?.canary ?? '';
const asksFor = (sid: string) => origin.asked.filter((one) => one === sid).length;

describe('sessions of the origin', () => {
  test('two people see their own pages, each a HIT on the second view, and each is asked about once', async () => {
    for (const name of ['alice', 'bob']) {
      const sid = await login(name);
      const path = `/me/first`;
      const first = await get(sid, path);
      expect([first.status, first.cache]).toEqual([200, 'MISS']);
      const second = await get(sid, path);
      expect([second.status, second.cache, second.text]).toEqual([200, 'HIT', first.text]);
      expect(second.text).toContain(canaryOf(name));
      expect(asksFor(sid)).toBe(1);
    }
  });

  test('another session of the same person has the same page', async () => {
    await get(await login('alice'), '/me/shared');
    const other = await get(await login('alice'), '/me/shared');
    expect([other.cache, other.text.includes(canaryOf('alice'))]).toEqual(['HIT', true]);
  });

  test('the endpoint gets the cookie and the secret of the edge, and nothing else of the request', async () => {
    const sid = await login('carol');
    await get(sid, '/me/asked?secret=1', {
      headers: { cookie: `other=1; sid=${sid}`, 'accept-language': 'de', 'x-forwarded-for': '203.0.113.7' },
    });
    const asked = origin.requests.filter(({ url }) => url === '/edge/whoami').at(-1);
    expect(asked?.headers).toMatchObject({
      cookie: `sid=${sid}`,
      accept: 'application/json',
      host: 'www.site.example',
    });
    // Viceroy writes the length of no body.
    const names = Object.keys(asked?.headers ?? {}).filter((name) => name !== 'content-length');
    expect(names.sort()).toEqual([
      'accept',
      'accept-encoding',
      'cache-control',
      'cookie',
      'host',
      'user-agent',
      'x-forwarded-proto',
      'x-origin-secret',
    ]);
  });

  test('many requests of one moment ask once', async () => {
    const sid = await login('dave');
    origin.script(sid, (_, response) => {
      setTimeout(() => json({ sub: 'dave', team: 'blue' })(_, response), 300);
    });
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => get(sid, `/me/collapse-${i}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(asksFor(sid)).toBe(1);
    origin.script(sid, null);
  });

  test('after a logout the cookie is nobody’s at once', async () => {
    const sid = await login('alice');
    expect((await get(sid)).status).toBe(200);
    const out = await post(sid, '/logout');
    expect(out.status).toBe(303);
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0');
    const after = await get(sid);
    expect([after.status, after.headers['content-type']]).toEqual([401, 'application/problem+json']);
  });

  test('what was a refusal is a session at once, where the login keeps the cookie', async () => {
    expect((await get('kept-0001')).status).toBe(401);
    origin.sessions.set('kept-0001', { account: accountOf('bob'), since: 1 });
    expect((await get('kept-0001')).status).toBe(401);
    await post('kept-0001', '/keep');
    expect((await get('kept-0001')).text).toContain(canaryOf('bob'));
  });

  test('a role that a write has given counts on the next request, and their page is asked for again', async () => {
    const sid = await login('carol');
    expect((await get(sid, '/admin')).status).toBe(403);
    await get(sid, '/me/role-page');
    expect((await get(sid, '/me/role-page')).cache).toBe('HIT');
    expect((await post(sid, '/me/role')).status).toBe(204);
    expect((await get(sid, '/admin')).status).toBe(200);
    const page = await get(sid, '/me/role-page');
    expect([page.cache, page.text.includes('<p id="role">admin')]).toEqual(['MISS', true]);
  });

  test('the page of a group gets the group and no cookie', async () => {
    const [alice, bob, dave] = [await login('alice'), await login('bob'), await login('dave')];
    const first = await get(alice, '/team');
    expect(first.text).toContain('team red');
    expect(await get(bob, '/team')).toMatchObject({ cache: 'HIT', text: first.text });
    expect((await get(dave, '/team')).text).toContain('team blue');
    const asked = origin.requests.filter(({ url }) => url === '/team');
    expect(asked.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined]);
  });

  test('who is signed in nowhere gets the public page, with and without a cookie', async () => {
    const nobody = await get(null, '/');
    expect(nobody.text).toContain('welcome');
    expect(await get('stale-0001', '/')).toMatchObject({ cache: 'HIT', text: nobody.text });
    expect((await get(await login('alice'), '/')).text).toContain(canaryOf('alice'));
  });

  test('a purge of a person takes their answer too, and a revocation ends their sessions', async () => {
    const sid = await login('dave');
    await get(sid, '/account');
    const order = (path: string, body: object) =>
      send(edge.url, path, { method: 'POST', headers: operator, body: JSON.stringify(body) });
    expect((await order('/.edge/purge', { scope: 'user', values: ['dave'] })).status).toBe(200);
    expect((await get(sid, '/account')).cache).toBe('MISS');
    expect(asksFor(sid)).toBe(2);
    expect((await order('/.edge/revoke', { scope: 'user', value: 'dave' })).status).toBe(200);
    expect((await get(sid, '/account')).status).toBe(401);
    // A login after that is a new one.
    await expect
      .poll(async () => (await get(await login('dave'), '/account')).status, { interval: 1000 })
      .toBe(200);
  });

  test('explain says who was asked, and shows no cookie', async () => {
    const sid = await login('alice');
    const body = JSON.stringify({ path: '/me', headers: { cookie: `sid=${sid}` } });
    const told = await send(edge.url, '/.edge/explain', { method: 'POST', headers: operator, body });
    expect(told.json()).toMatchObject({
      lane: 'scoped',
      credential: { outcome: 'verified', verified: { provider: 'site', algorithm: 'session' } },
    });
    expect(told.text).not.toContain(sid);
  });
});

describe('answers of a hostile or broken endpoint', () => {
  const claims = { sub: 'alice', team: 'red' };
  const cases: [string, number, RequestListener][] = [
    ['401', 401, status(401)],
    ['403', 401, status(403)],
    ['a redirect to the login', 401, status(302, { location: '/login' })],
    [
      'a login page',
      401,
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('{"sub":"alice"}'),
    ],
    ['no sub', 401, json({ user: 'alice' })],
    ['a __proto__', 401, text('{"__proto__":{"sub":"alice"}}')],
    ['404', 503, status(404)],
    ['500', 503, status(500)],
    ['a list', 503, json([claims])],
    ['a member twice', 503, text('{"sub":"alice","sub":"bob"}')],
    ['half of it', 503, text('{"sub":"al')],
    ['too much', 503, json({ ...claims, more: 'x'.repeat(70_000) })],
    ['an answer out of a cache', 503, json(claims, { age: '7' })],
    ['an answer for everybody', 503, json(claims, { 'cache-control': 'public, max-age=60' })],
    [
      'an end in the middle',
      503,
      (_, response) =>
        void response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': '90' })
          .write('{', () => response.destroy()),
    ],
    ['silence', 503, () => {}],
  ];
  test.each(cases)('%s is %i, and no page of anybody', async (what, expected, listener) => {
    const sid = `hostile-${what.replaceAll(/\W/g, '-')}`;
    origin.script(sid, listener);
    const before = origin.requests.length;
    const options = { localAddress: '127.0.0.3' };
    const answer = await get(sid, '/me', options);
    expect([answer.status, answer.cache]).toEqual([expected, 'ERROR']);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    // Nor the public one, where there is no verdict.
    if (expected === 503) expect((await get(sid, '/', options)).status).toBe(503);
    const asked = origin.requests.slice(before).map(({ url }) => url);
    expect([...new Set(asked)]).toEqual(['/edge/whoami']);
  });

  test('two unequal cookies, and one that is huge, are 401 and nobody is asked', async () => {
    const sid = await login('alice');
    const before = origin.asked.length;
    expect((await get(null, '/me', { headers: { cookie: `sid=${sid}; sid=other` } })).status).toBe(401);
    expect((await get('a'.repeat(7000) + 'b'.repeat(2000))).status).toBe(401);
    expect(origin.asked.length).toBe(before);
  });

  test('a flood of unknown cookies is 429 for that client, who goes on with a known one', async () => {
    const sid = await login('bob');
    const from = { localAddress: '127.0.0.2' };
    expect((await get(sid, '/me', from)).status).toBe(200);
    const statuses = new Set<number>();
    for (let i = 0; i < 30; i++) statuses.add((await get(`flood-${i}`, '/me', from)).status);
    expect([...statuses]).toEqual([401, 429]);
    const before = origin.asked.length;
    expect((await get('flood-more', '/me', from)).status).toBe(429);
    expect(origin.asked.length).toBe(before);
    expect((await get(sid, '/me', from)).status).toBe(200);
  });
});

describe('opaque tokens of a real issuer, by introspection', () => {
  const orders = (token: string) =>
    send(edge.url, '/api/orders', { headers: { authorization: `Bearer ${token}` } });

  test('two clients have an entry each; a revoked token is nobody’s once its answer has run out', async () => {
    const [one, two] = [await token('one'), await token('two')];
    expect(one).not.toContain('.');
    expect(await orders(one)).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await orders(one)).toMatchObject({ status: 200, cache: 'HIT' });
    expect(await orders(two)).toMatchObject({ status: 200, cache: 'MISS' });
    expect((await orders('no-such-token-at-all')).status).toBe(401);
    const gone = await form('/token/revocation', 'one', { token: one });
    expect(gone.status).toBe(200);
    await expect.poll(async () => (await orders(one)).status, { interval: 500 }).toBe(401);
    expect((await orders(two)).status).toBe(200);
  });

  test('a token that lacks what the provider requires is none', async () => {
    expect((await orders(await token('one', ''))).status).toBe(401);
  });
});

test('pages of many people who come and go are never anybody else’s', async () => {
  const names = ['alice', 'bob', 'carol', 'dave'];
  await Promise.all(
    names.map(async (name, i) => {
      let sid = await login(name);
      for (let round = 0; round < 12; round++) {
        const { status, text: page } = await get(sid, `/me/leak-${round % 3}`);
        expect([status, page.includes(canaryOf(name))]).toEqual([200, true]);
        for (const other of names) if (other !== name) expect(page).not.toContain(canaryOf(other));
        if (round % 4 === i) {
          await post(sid, '/logout');
          expect((await get(sid, '/me/leak-0')).status).toBe(401);
          sid = await login(name, sid);
        } else if (round % 3 === 0) await post(sid, '/me/note');
      }
    }),
  );
});

test('no line of the log has a session, a token or a secret in it', () => {
  const output = edge.output();
  for (const sid of origin.sessions.keys()) expect(output).not.toContain(sid);
  expect(output).not.toContain('hostile-');
  expect(output).not.toContain('flood-');
  expect(output).not.toContain(CLIENT_SECRET);
  expect(edge.logs().some(({ provider, algorithm }) => provider === 'site' && algorithm === 'session')).toBe(
    true,
  );
});

function accountOf(name: string) {
  const account = origin.accounts.get(name);
  if (account === undefined) throw new Error(`nobody is called ${name}`);
  return account;
}

function status(code: number, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => response.writeHead(code, headers).end('{"sub":"alice"}');
}

function text(body: string, headers: Record<string, string> = {}): RequestListener {
  return (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
}

function json(value: unknown, headers: Record<string, string> = {}): RequestListener {
  return text(JSON.stringify(value), headers);
}

/** Its URLs are those of the policy, wherever it listens. */
function issuer(): Provider {
  const client = (id: string, client_secret: string) => ({
    client_id: id,
    client_secret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  });
  return new Provider('http://127.0.0.1', {
    clients: [
      client('one', 'one-secret'),
      client('two', 'two-secret'),
      client('edge', CLIENT_SECRET),
    ] as never,
    scopes: ['orders'],
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      devInteractions: { enabled: false },
    },
  });
}

function form(path: string, client: string, fields: Record<string, string>) {
  return fetch(`${idpUrl()}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${client}:${client}-secret`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(fields),
  });
}

async function token(client: string, scope = 'orders'): Promise<string> {
  const response = await form('/token', client, {
    grant_type: 'client_credentials',
    ...(scope !== '' && { scope }),
  });
  const { access_token } = (await response.json()) as { access_token?: string };
  if (access_token === undefined) throw new Error(`no token: ${response.status}`);
  return access_token;
}
