import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http, { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { hookCurl } from '../../cli/dev/hook-curl.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { siteKeys } from '../site/keys.ts';
import { PEOPLE, type Person } from '../site/people.ts';
import { buildService } from '../support/build-service.ts';
import {
  CLERK_EVENT,
  CONTENTFUL_ENTRY,
  SANITY_DOCUMENT,
  STRAPI_ENTRY,
  STRIPE_EVENT,
  WOOCOMMERCE_PRODUCT,
} from '../support/deliveries.ts';
import {
  sentByStrapi,
  signedByContentful,
  signedBySanity,
  signedByStandard,
  signedByStripe,
  signedByWoocommerce,
  signedPlain,
} from '../support/sign-delivery.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import policySource from './policies/hooks-and-sockets.ts';
import { ask, loggedBy, tokenOf } from './support/client.ts';
import { gate } from './support/gate.ts';
import { converse } from './support/raw-client.ts';
import { page, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

const run = promisify(execFile);
const [alice, bob] = PEOPLE as [Person, Person];
const SECRET = 'the-secret-of-senders-and-the-edge';
const STANDARD_SECRET = `whsec_${Buffer.from('thirty-two bytes of a good secret').toString('base64')}`;
const policy = compilePolicy(policySource);

let origin: ScriptedOrigin;
let edge: RunningEdge;
/** A backend with sockets: each says what it is sent. */
let sockets: WebSocketServer;
/** Handshakes, and plain requests, that have reached it. */
const arrived: IncomingMessage[] = [];

beforeAll(async () => {
  const service = { name: 'hooks-and-sockets', policy: 'test/edge/policies/hooks-and-sockets.ts' };
  const wasm = await buildService(service);
  origin = await startScriptedOrigin();
  const names = [...policy.purgeHooks.values()].map(({ item }) => [item, SECRET]);
  const server = createServer((request, response) => {
    if (request.url !== '/') arrived.push(request);
    response.writeHead(200).end('plain');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    arrived.push(request);
    socket.on('message', (data) => socket.send(`you said ${data}`));
  });
  edge = await startEdge({
    originUrl: origin.url,
    backends: { sockets: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    wasm,
    secrets: { ...Object.fromEntries(names), hook_clerk: STANDARD_SECRET },
  });
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
  for (const socket of sockets?.clients ?? []) socket.terminate();
  sockets?.close();
});

const text = (value: unknown) => JSON.stringify(value);
const hookPath = (name: string) => `/.edge/purge/hook/${name}`;
const deliver = (name: string, body: string, headers: Readonly<Record<string, string>>) =>
  ask(edge, null, hookPath(name), { method: 'POST', headers: { ...headers }, body });

describe('POST /.edge/purge/hook/<name>', () => {
  it("a back end's delivery purges the person whom it names by a number, and nobody else", async () => {
    origin.answer(page({ 'cache-control': 'max-age=300' }));
    const [hers, his] = [await tokenOf(alice), await tokenOf(bob)];
    const target = '/own/page';
    for (const token of [hers, his]) await ask(edge, token, target);
    expect((await ask(edge, hers, target)).cache).toBe('HIT');
    const body = text({ data: { customer: { id: Number(alice.sub) } } });
    const lines = await loggedBy(edge, async () => {
      const answer = await deliver('own', body, signedPlain(body, SECRET));
      expect([answer.status, answer.json()]).toEqual([200, { purged: 1, soft: false }]);
    });
    expect(lines).toMatchObject([
      { lane: 'operator', reason: 'purge-hook', route: 'own', status: 200, purged: 1, code: null },
    ]);
    expect((await ask(edge, hers, target)).cache).toBe('MISS');
    expect((await ask(edge, his, target)).cache).toBe('HIT');
  });

  it.each<
    [
      string,
      string,
      Readonly<Record<string, string>>,
      () => Promise<Readonly<Record<string, string>>>,
      string,
    ]
  >([
    [
      'contentful',
      text(CONTENTFUL_ENTRY),
      { 'surrogate-key': `entry:${CONTENTFUL_ENTRY.sys.id} other` },
      async () => signedByContentful(text(CONTENTFUL_ENTRY), SECRET, hookPath('contentful')),
      '/pages/contentful',
    ],
    [
      'sanity',
      text(SANITY_DOCUMENT),
      {},
      async () => signedBySanity(text(SANITY_DOCUMENT), SECRET),
      `/pages/${SANITY_DOCUMENT.slug.current}`,
    ],
    [
      'shop',
      text(WOOCOMMERCE_PRODUCT),
      {},
      async () => signedByWoocommerce(text(WOOCOMMERCE_PRODUCT), SECRET),
      '/product/ship-your-idea/',
    ],
    [
      'shop',
      text(WOOCOMMERCE_PRODUCT),
      { 'cache-tag': 'category:14' },
      async () => signedByWoocommerce(text(WOOCOMMERCE_PRODUCT), SECRET),
      '/pages/t-shirts',
    ],
  ])(
    'a delivery of %s purges the page, and a forged one does not',
    async (name, body, tags, sign, target) => {
      origin.answer(page({ 'cache-control': 'max-age=300', ...tags }));
      const visit = async () =>
        (await ask(edge, null, target, { headers: { host: 'www.example.com' } })).cache;
      await visit();
      expect(await visit()).toBe('HIT');
      const headers = await sign();
      for (const forged of [`${body} `, text({ ...JSON.parse(body), more: 1 })])
        expect((await deliver(name, forged, headers)).status).toBe(401);
      expect(await visit()).toBe('HIT');
      expect((await deliver(name, body, headers)).status).toBe(200);
      expect(await visit()).toBe('MISS');
      // Sent again it purges again.
      expect((await deliver(name, body, headers)).status).toBe(200);
      expect(await visit()).toBe('MISS');
    },
  );

  it('a soft one leaves the page to be served while it is fetched again', async () => {
    origin.answer(page({ 'cache-control': 'max-age=300', 'surrogate-key': 'article:42' }));
    const visit = async () => (await ask(edge, null, '/pages/article')).cache;
    await visit();
    expect(await visit()).toBe('HIT');
    const answer = await deliver('strapi', text(STRAPI_ENTRY), sentByStrapi(SECRET));
    expect([answer.status, answer.json()]).toEqual([200, { purged: 1, soft: true }]);
    expect(await visit()).toBe('STALE');
  });

  it('signatures of several codes, and keys in base64, are verified by the host too', async () => {
    const stripe = await deliver(
      'stripe',
      text(STRIPE_EVENT),
      signedByStripe(text(STRIPE_EVENT), ['x', SECRET]),
    );
    expect(stripe.json()).toEqual({ purged: 1, soft: false });
    const clerk = await deliver(
      'clerk',
      text(CLERK_EVENT),
      signedByStandard(text(CLERK_EVENT), STANDARD_SECRET, 'svix'),
    );
    expect(clerk.json()).toEqual({ purged: 1, soft: false });
  });

  it('an old time, a wrong name and a wrong secret are one answer; the log says which', async () => {
    const body = text({ data: { customer: { id: 42 } } });
    const refused: [string, Readonly<Record<string, string>>][] = [
      ['own', signedPlain(body, SECRET, Date.now() - 400_000)],
      ['other', signedPlain(body, SECRET)],
      ['own', signedPlain(body, `${SECRET}!`)],
      ['strapi', sentByStrapi(`${SECRET}!`)],
    ];
    const answers: string[] = [];
    const lines = await loggedBy(edge, async () => {
      for (const [name, headers] of refused) {
        const answer = await deliver(name, body, headers);
        const { requestId, ...told } = answer.json<{ requestId: string }>();
        expect(requestId).not.toBe('');
        answers.push(text([answer.status, told]));
      }
    });
    expect(new Set(answers)).toEqual(
      new Set([text([401, { type: 'about:blank', title: 'Authentication required', status: 401 }])]),
    );
    expect(lines.map(({ code }) => code)).toEqual(Array(4).fill('ERR_HOOK_REFUSED'));
    expect(lines.map(({ cause }) => cause)).toEqual([
      expect.stringContaining('own: the timestamp is too old'),
      expect.stringContaining('there is no hook of this name'),
      expect.stringContaining('own: the signature does not match'),
      expect.stringContaining('strapi: another token'),
    ]);
    expect(text(lines)).not.toContain(SECRET);
  });

  it('a body that is too large, no JSON or read in two ways is refused', async () => {
    const large = text({ data: { customer: { id: 'x'.repeat(300_000) } } });
    expect((await deliver('own', large, signedPlain(large, SECRET))).status).toBe(413);
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    for (const body of ['{"a":', '{"data":1,"data":2}', deep, '\ud800'])
      expect((await deliver('own', body, signedPlain(body, SECRET))).status, body.slice(0, 9)).toBe(400);
    const proto = '{"__proto__":{"data":{"customer":{"id":1}}},"text":"� {[:"}';
    expect((await deliver('own', proto, signedPlain(proto, SECRET))).json()).toEqual({
      purged: 0,
      soft: false,
    });
  });

  it('what `claimcache dev` prints for each hook is signed as its sender would', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-hooks-'));
    try {
      writeFileSync(path.join(folder, 'secret'), SECRET);
      writeFileSync(path.join(folder, 'standard'), STANDARD_SECRET);
      for (const hook of policy.purgeHooks.values()) {
        const command = hookCurl(hook, edge.url, hook.name === 'clerk' ? 'standard' : 'secret');
        const { stdout } = await run('sh', ['-c', command], { cwd: folder });
        expect(stdout, `${command}\n${stdout}`).toMatch(/^HTTP\/1\.1 (?:200|400) /);
        // The sample of a whole URL is none, and only who was verified is told so.
        if (hook.name !== 'shop') expect(stdout).toContain('"purged":1');
        else expect(stdout).toContain('Of purge.0 not all could be purged');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('who sends too often is told so, though the rate limiter cannot be had', async () => {
    let answer = await deliver('other', '{}', {});
    for (let i = 0; i < 100 && answer.status !== 429; i++) answer = await deliver('other', '{}', {});
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '60']);
  });
});

/** Opens a socket as a browser would, or (origin null) as a program. */
async function open(
  target: string,
  headers: Readonly<Record<string, string>> = {},
  origin: string | null = null,
) {
  const url = `${edge.url.replace('http:', 'ws:')}${target}`;
  const socket = new WebSocket(url, { headers, ...(origin === null ? {} : { origin }) });
  const refused = new Promise<number>((resolve, reject) => {
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on('error', reject);
  });
  refused.catch(() => {});
  const status = await Promise.race([once(socket, 'open').then(() => 101), refused]);
  return {
    status,
    async says(text: string) {
      socket.send(text);
      const [data] = await once(socket, 'message');
      return String(data);
    },
    close: () => socket.terminate(),
  };
}

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const HANDSHAKE = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  `Sec-WebSocket-Key: ${KEY}`,
  'Sec-WebSocket-Version: 13',
];

/** The status of a handshake that is written line by line. */
async function statusOf(target: string, lines: readonly string[]): Promise<number | undefined> {
  const request = [`GET ${target} HTTP/1.1`, `Host: ${new URL(edge.url).host}`, ...lines, '', ''].join(
    '\r\n',
  );
  return (await converse(edge.url, request)).answers[0]?.status;
}

describe('a route with websocket', () => {
  it('hands the request to its backend as it came, and the log says so', async () => {
    const lines = await loggedBy(edge, async () => {
      const socket = await open('/live/room?a=1&b', { 'x-own': 'kept', cookie: 'a=1; b=2' });
      expect(socket.status).toBe(101);
      expect(await socket.says('hello')).toBe('you said hello');
      expect(await socket.says('again')).toBe('you said again');
      socket.close();
    });
    expect(lines).toMatchObject([
      { lane: 'pass', reason: 'websocket', detail: 'handed-off', route: 'live', status: 101, code: null },
    ]);
    const { url, headers } = arrived.at(-1) as IncomingMessage;
    expect(url).toBe('/live/room?a=1&b');
    expect(headers).toMatchObject({ 'x-own': 'kept', cookie: 'a=1; b=2', upgrade: 'websocket' });
    expect(Object.keys(headers).filter((name) => /claim|surrogate|fastly|auth-route/.test(name))).toEqual([]);
  });

  it('lets pages of this host and of those that it names open one, and no others', async () => {
    const own = `http://${new URL(edge.url).host}`;
    for (const allowed of [own, 'https://app.example.com']) {
      const socket = await open('/live/room', {}, allowed);
      expect([allowed, socket.status]).toEqual([allowed, 101]);
      socket.close();
    }
    const before = arrived.length;
    const others = [
      'https://evil.example',
      'null',
      'https://app.example.com.evil.example',
      'http://app.example.com',
      `${own}0`,
      '',
    ];
    for (const other of others)
      expect([other, await statusOf('/live/room', [...HANDSHAKE, `Origin: ${other}`])]).toEqual([other, 403]);
    expect(
      await statusOf('/live/room', [...HANDSHAKE, `Origin: ${own}`, 'Origin: https://evil.example']),
    ).toBe(403);
    expect(arrived.length).toBe(before);
  });

  it('verifies the credential first where it has a scope', async () => {
    const token = await tokenOf(alice);
    const socket = await open('/feed/mine', { authorization: `Bearer ${token}` });
    expect([socket.status, await socket.says('me')]).toEqual([101, 'you said me']);
    const byCookie = await open('/feed/mine', { cookie: `session=${token}` });
    expect(byCookie.status).toBe(101);
    byCookie.close();
    const before = arrived.length;
    const expired = await tokenOf(alice, { expiresInSeconds: -60 });
    for (const headers of [{}, { authorization: 'Bearer a.b.c' }, { authorization: `Bearer ${expired}` }])
      expect((await open('/feed/mine', headers as Record<string, string>)).status).toBe(401);
    // What an origin may take for that path is verified as it is.
    expect(await statusOf('/FEED/mine', HANDSHAKE)).toBe(401);
    expect(arrived.length).toBe(before);

    const { operatorToken } = await siteKeys();
    const revoked = await ask(edge, operatorToken, '/.edge/revoke', {
      method: 'POST',
      body: text({ scope: 'user', value: alice.sub }),
    });
    expect(revoked.status, revoked.text).toBe(200);
    expect((await open('/feed/mine', { authorization: `Bearer ${token}` })).status).toBe(401);
    // One that is open stays open.
    expect(await socket.says('still')).toBe('you said still');
    socket.close();
  });

  it.each<[string, readonly string[], number]>([
    ['claims of the edge', ['X-Claimcache-Claims: {"sub":"43"}'], 400],
    ['the same with underscores', ['X_Claimcache_Claims: {"sub":"43"}'], 400],
    ['a debug token', ['X-Claimcache-Debug: x'], 400],
    ['a field of the platform', ['Fastly-Client-IP: 192.0.2.1'], 400],
    ['surrogate keys', ['Surrogate-Key: user:42'], 400],
    ['the word of the edge for an identity', ['X-Auth-Route: true'], 400],
    ['another host for the origin', ['X-Forwarded-Host: evil.example'], 400],
    ['another client', ['X-Forwarded-For: 192.0.2.1'], 400],
    ['another path', ['X-Original-URL: /admin'], 400],
    ['another method', ['X-HTTP-Method-Override: DELETE'], 400],
    ['a name of other characters', ['x.own: 1'], 400],
    ['a list of cookies in two fields', ['Cookie: a=1', 'Cookie: b=2'], 400],
    ["an editor's cookie that does not validate", ['Cookie: cms=forged'], 400],
  ])('refuses %s', async (_what, lines, status) => {
    const before = arrived.length;
    expect(await statusOf('/live/room', [...HANDSHAKE, ...lines])).toBe(status);
    expect(arrived.length).toBe(before);
  });

  it.each<[string, readonly string[]]>([
    ['a hop that names a field', ['Upgrade: websocket', 'Connection: Upgrade, x-own', 'x-own: 1']],
    ['a hop that names the credential', ['Upgrade: websocket', 'Connection: Upgrade, Cookie', 'Cookie: a=1']],
    ['no hop', ['Upgrade: websocket']],
    ['two protocols', ['Upgrade: websocket, h2c', 'Connection: Upgrade']],
    ['two fields of Upgrade', ['Upgrade: websocket', 'Upgrade: h2c', 'Connection: Upgrade']],
  ])('refuses %s', async (_what, lines) => {
    const before = arrived.length;
    const rest = [`Sec-WebSocket-Key: ${KEY}`, 'Sec-WebSocket-Version: 13'];
    expect(await statusOf('/live/room', [...lines, ...rest])).toBe(400);
    expect(arrived.length).toBe(before);
  });

  it('refuses a handshake that is none, a path in another form, a second credential, and what is no HTTP', async () => {
    const before = arrived.length;
    const [hers, his] = [await tokenOf(bob), await tokenOf(alice)];
    const bare = HANDSHAKE.slice(0, 2);
    expect(await statusOf('/live/room', [...bare, 'Sec-WebSocket-Version: 13'])).toBe(400);
    expect(
      await statusOf('/live/room', [...bare, `Sec-WebSocket-Key: ${KEY}`, 'Sec-WebSocket-Version: 8']),
    ).toBe(400);
    for (const target of ['/live/%72oom', '/live//room', '/live/a;b', '/live/../live/room'])
      expect([target, await statusOf(target, HANDSHAKE)]).toEqual([target, 400]);
    const both = [`Authorization: Bearer ${hers}`, `Cookie: session=${his}`];
    expect(await statusOf('/feed/mine', [...HANDSHAKE, ...both])).toBe(400);
    expect(await statusOf('/live/room', [...HANDSHAKE, 'Host: evil.example'])).toBe(400);
    // Folded lines, and blanks before a colon, are refused before the service is asked, or by it.
    for (const lines of [['X-Own: 1', ' X-Claimcache-Claims: {}'], ['X-Claimcache-Claims : {}']])
      expect(await statusOf('/live/room', [...HANDSHAKE, ...lines])).toBe(400);
    expect(arrived.length).toBe(before);
  });

  it('is explained as it happens', async () => {
    const { operatorToken } = await siteKeys();
    const explain = async (path: string, headers: object) =>
      (
        await ask(edge, operatorToken, '/.edge/explain', { method: 'POST', body: text({ path, headers }) })
      ).json<{
        lane: string;
        reason: string;
        code: string | null;
      }>();
    const upgrade = { upgrade: 'websocket', connection: 'Upgrade' };
    expect(await explain('/live/room', upgrade)).toMatchObject({
      lane: 'pass',
      reason: 'websocket',
      code: null,
    });
    expect(await explain('/live/room', { ...upgrade, origin: 'https://evil.example' })).toMatchObject({
      lane: 'reject',
      code: 'ERR_CROSS_SITE',
    });
    expect(await explain('/feed/mine', upgrade)).toMatchObject({ code: 'ERR_CREDENTIAL_MISSING' });
  });
});

describe('what goes on for as long as somebody listens', () => {
  it('a request for a socket is a plain one where the route has none, and a plain one stays plain', async () => {
    origin.answer((request, response) => response.end(text(request.headers)));
    const request = HANDSHAKE.join('\r\n');
    const plain = await converse(
      edge.url,
      `GET /plain/x HTTP/1.1\r\nHost: www.example.com\r\n${request}\r\n\r\n`,
    );
    expect(plain.answers[0]?.status).toBe(200);
    const sent = JSON.parse(plain.answers[0]?.body ?? '{}') as Record<string, string>;
    expect(sent.upgrade).toBeUndefined();
    expect((await ask(edge, null, '/live/room')).text).toBe('plain');
    expect(arrived.at(-1)?.headers.upgrade).toBeUndefined();
  });

  it('events of a pass route are there before the answer has ended', async () => {
    const go = gate();
    origin.answer(async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: one\n\n');
      await go.opened;
      response.end('data: two\n\n');
    });
    const request = http.get(`${edge.url}/plain/events`, { headers: { accept: 'text/event-stream' } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let received = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
    });
    await expect.poll(() => received).toBe('data: one\n\n');
    go.open();
    await once(response, 'end');
    expect(received).toBe('data: one\n\ndata: two\n\n');
  });
});
