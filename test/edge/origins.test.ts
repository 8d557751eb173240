import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { siteKeys } from '../site/keys.ts';
import { personNamed } from '../site/people.ts';
import { buildService } from '../support/build-service.ts';
import { DEBUG_TOKEN } from '../support/edge-manifest.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { gate } from './support/gate.ts';
import {
  type Echo,
  echo,
  page,
  type ScriptedOrigin,
  startScriptedOrigin,
} from './support/scripted-origin.ts';

const COOKIE_KEY = 'key-of-the-signed-cookies';
const ADDRESS_HEADERS = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'true-client-ip', 'cf-connecting-ip'];
const alice = personNamed('alice');
if (alice === undefined) throw new Error('no alice');

let origin: ScriptedOrigin;
let bucket: ScriptedOrigin;
let slow: ScriptedOrigin;
let edge: RunningEdge;
let token: string;

beforeAll(async () => {
  [origin, bucket, slow] = await Promise.all([
    startScriptedOrigin(),
    startScriptedOrigin(),
    startScriptedOrigin(),
  ]);
  const wasm = await buildService({ name: 'origins', policy: 'test/edge/policies/origins.ts' });
  edge = await startEdge({
    originUrl: origin.url,
    wasm,
    backends: { bucket: bucket.url, slow: slow.url },
    health: { origin: 'healthy', bucket: 'unhealthy' },
    secrets: { cms_cookie_key: COOKIE_KEY },
  });
  token = await tokenOf(alice);
});
afterEach(() => {
  for (const server of [origin, bucket, slow]) server?.answer(echo);
});
afterAll(async () => {
  await edge?.stop();
  for (const server of [origin, bucket, slow]) await server?.stop();
});

describe('the client’s address', () => {
  const forged = {
    'x-forwarded-for': '203.0.113.66',
    'X-Real-IP': '203.0.113.66',
    forwarded: 'for=203.0.113.66',
    'true-client-ip': '203.0.113.66',
    // The same to an origin that reads headers as CGI does.
    x_forwarded_for: '203.0.113.66',
    'x-client_ip': '203.0.113.66',
    'cf-connecting-ip': '203.0.113.66',
    'fastly-client-ip': '203.0.113.66',
  };
  const seenAt = async (target: string, who: string | null, headers: Record<string, string> = {}) => {
    const answer = await ask(edge, who, target, { headers: { ...forged, ...headers } });
    return { cache: answer.cache, sent: answer.json<Echo>().headers, text: answer.text };
  };

  it('goes to the origin on the pass lane in the headers of the policy, and nothing that a client says of it', async () => {
    origin.answer(echo);
    for (const [target, headers] of [
      ['/live', {}],
      [unseen('/page'), { cookie: 'editor=1' }],
      [unseen('/page'), { authorization: 'Basic eDp5' }],
    ] as const) {
      const { cache, sent, text } = await seenAt(target, null, headers);
      expect(cache).toBe('BYPASS');
      expect(sent).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-real-ip': '127.0.0.1',
        forwarded: `for=127.0.0.1;host="${new URL(edge.url).host}";proto=http`,
      });
      expect(text).not.toContain('203.0.113.66');
    }
  });

  it('is not sent on a cacheable lane, because it is no part of the key; nor is what a client says of it', async () => {
    origin.answer((request, response) => {
      response.setHeader('cache-control', 'public, max-age=60');
      echo(request, response);
    });
    for (const [target, who] of [
      [unseen('/page'), null],
      [unseen('/api/orders'), token],
    ] as const) {
      const { cache, sent, text } = await seenAt(target, who);
      expect(cache).toBe('MISS');
      const { forwarded, ...others } = sent;
      expect(forwarded).toBe(`host="${new URL(edge.url).host}";proto=http`);
      for (const name of ADDRESS_HEADERS) expect(others).not.toHaveProperty(name);
      expect(text).not.toContain('203.0.113.66');
    }
  });
});

describe('/.edge/health', () => {
  it('says to everybody that the service runs, and nothing else', async () => {
    for (const who of [null, 'wrong', token]) {
      const answer = await ask(edge, who, '/.edge/health');
      expect(answer.status).toBe(200);
      expect(answer.json()).toEqual({ status: 'ok' });
    }
  });

  it('says to the operator what the platform’s checks say of each backend', async () => {
    const { operatorToken } = await siteKeys();
    const before = origin.requests.length;
    const answer = await ask(edge, operatorToken, '/.edge/health');
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      status: 'ok',
      backends: { origin: 'healthy', bucket: 'unhealthy', slow: 'unknown' },
    });
    expect(answer.headers['cache-control']).toBe('private, no-store, max-age=0');
    expect(origin.requests.length).toBe(before);
  });
});

describe('an editor’s cookie', () => {
  const hmac = (text: string, encoding: 'base64url' | 'hex' | 'base64', key = COOKIE_KEY) =>
    createHmac('sha256', key).update(text).digest(encoding);
  const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
  const signed = (text: string, key?: string, name = 'cms_signed') =>
    `${text}.${hmac(`${name}=${text}`, 'base64url', key)}`;
  const express = (text: string, key?: string) =>
    encodeURIComponent(`s:${text}.${hmac(text, 'base64', key).replace(/=+$/, '')}`);
  const stateOf = async (cookie: string) => {
    const answer = await ask(edge, null, unseen('/page'), { headers: { cookie } });
    return { cache: answer.cache, cookie: answer.json<Echo>().headers.cookie };
  };

  it('passes where it validates: by presence, as a token, by an HMAC', async () => {
    const editor = await tokenOf({ ...alice, role: 'editor' });
    const until = inSeconds(60);
    for (const cookie of [
      'editor=anything',
      `cms_session=${editor}`,
      `cms_signed=${signed(`alice.${until}`)}`,
      `cms_signed=alice.${until}.${hmac(`cms_signed=alice.${until}`, 'hex')}`,
      `connect_sid=${express('session-1')}`,
    ]) {
      expect(await stateOf(`${cookie}; other=1`)).toEqual({ cache: 'BYPASS', cookie: `${cookie}; other=1` });
    }
  });

  it('is as if it were not there where it does not validate: the request is anonymous, from the cache', async () => {
    origin.answer(page({ 'cache-control': 'public, max-age=60' }));
    const [member, expired] = [
      await tokenOf(alice),
      await tokenOf({ ...alice, role: 'editor' }, { expiresInSeconds: -9 }),
    ];
    const target = unseen('/page');
    expect((await ask(edge, null, target)).cache).toBe('MISS');
    const good = signed(`alice.${inSeconds(60)}`);
    const before = origin.requests.length;
    for (const cookie of [
      'cms_session=forged',
      'cms_session=',
      `cms_session=${member}`,
      `cms_session=${expired}`,
      `cms_signed=${signed(`alice.${inSeconds(60)}`, 'another-key-of-cookies')}`,
      `cms_signed=${signed(`alice.${inSeconds(-1)}`)}`,
      `cms_signed=${signed('alice')}`,
      `cms_signed=${good.slice(0, -1)}`,
      `cms_signed=${good}; cms_signed=${good}`,
      // Signed by the same application, under another name, or under none.
      `cms_signed=${signed(`alice.${inSeconds(60)}`, COOKIE_KEY, 'theme')}`,
      `cms_signed=alice.${inSeconds(60)}.${hmac(`alice.${inSeconds(60)}`, 'hex')}`,
      `connect_sid=${express('theme-dark')}`,
      `connect_sid=${express('session-1', 'another-key-of-cookies')}`,
      `connect_sid=${signed('session-1')}`,
      'connect_sid=%',
    ]) {
      const answer = await ask(edge, null, target, { headers: { cookie } });
      expect([cookie.slice(0, 20), answer.cache, answer.headers['x-auth-route']]).toEqual([
        cookie.slice(0, 20),
        'HIT',
        undefined,
      ]);
    }
    expect(origin.requests.length).toBe(before);
  });

  it('that does not validate reaches no origin, and the others do; the log counts it without its value', async () => {
    origin.answer(echo);
    const lines = await loggedBy(edge, async () => {
      const answer = await ask(edge, null, '/login', {
        method: 'POST',
        body: 'x',
        headers: { cookie: 'a=1; cms_session=forged-session; b=2, cms_signed=forged-too; c=3' },
      });
      expect(answer.json<Echo>().headers.cookie).toBe('a=1; b=2; c=3');
    });
    expect(lines).toMatchObject([{ lane: 'pass', reason: 'unsafe-method', refusedCookies: 2 }]);
    expect(JSON.stringify(lines)).not.toContain('forged');
  });

  it('takes no caching away from a verified user where it is forged', async () => {
    origin.answer(page({ 'cache-control': 'private, max-age=60' }));
    const target = unseen('/api/orders');
    const headers = { cookie: 'cms_session=forged' };
    await ask(edge, token, target, { headers });
    expect((await ask(edge, token, target, { headers })).cache).toBe('HIT');
    const editing = { cookie: 'editor=1' };
    expect((await ask(edge, token, target, { headers: editing })).cache).toBe('BYPASS');
  });
});

it('identical passes are never collapsed: each gets an answer of its own', async () => {
  const all = gate();
  let asked = 0;
  origin.answer(async (_request, response) => {
    const number = ++asked;
    // None is answered before all are there: a collapsed one would wait for ever.
    if (asked === 6) all.open();
    await all.opened;
    response.writeHead(200, { 'cache-control': 'public, max-age=60' }).end(`answer ${number}`);
  });
  const target = unseen('/page');
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => ask(edge, null, target, { headers: { cookie: 'editor=1' } })),
  );
  expect(new Set(answers.map(({ text }) => text)).size).toBe(6);
  expect(answers.every(({ cache }) => cache === 'BYPASS')).toBe(true);
});

describe('the fallback page', () => {
  const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-dest': 'document' };
  const failing = (status: number) =>
    origin.answer((_request, response) => {
      response
        .writeHead(status, { 'content-type': 'application/json', 'retry-after': '7' })
        .end('{"stack":"trace"}');
    });
  const open = (target: string, more: Record<string, string> = {}, who: string | null = null) =>
    ask(edge, who, target, { headers: { ...BROWSER, ...more } });

  beforeAll(() => {
    bucket.answer((_request, response) => {
      response
        .writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'public, max-age=600',
        })
        .end('<h1>Sorry</h1>');
    });
  });

  it.each([500, 502, 503, 504])(
    'a browser gets it for a %i of the origin, with that status, for no cache',
    async (status) => {
      bucket.answer(page({ 'content-type': 'text/html', 'cache-control': 'public, max-age=600' }));
      failing(status);
      const answer = await open(unseen('/shop/x'));
      expect(answer.status).toBe(status);
      expect(answer.text).toBe('<h1>Closed</h1>');
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'private, no-store, max-age=0',
        'retry-after': '7',
      });
    },
  );

  it('a page by path comes from the edge cache when its own origin is gone too', async () => {
    bucket.answer((_request, response) => {
      response
        .writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'public, max-age=600',
        })
        .end('<h1>Sorry</h1>');
    });
    expect((await open('/sorry.html')).status).toBe(200);
    failing(503);
    await bucket.whileDown(async () => {
      const answer = await open(unseen('/page'));
      expect([answer.status, answer.text]).toEqual([503, '<h1>Sorry</h1>']);
    });
  });

  it('an origin that is down or silent is a 502 or 504 with the page, and the log has the code', async () => {
    const lines = await loggedBy(edge, async () => {
      await origin.whileDown(async () => {
        const down = await open(unseen('/shop/x'));
        expect([down.status, down.text]).toEqual([502, '<h1>Closed</h1>']);
      });
      slow.answer(() => {});
      const silent = await open(unseen('/slow/x'));
      expect([silent.status, silent.text]).toEqual([504, '<h1>Sorry</h1>']);
    });
    expect(lines).toMatchObject([
      { status: 502, code: 'ERR_ORIGIN_UNREACHABLE', detail: 'fallback-page' },
      { status: 504, code: 'ERR_ORIGIN_TIMEOUT', detail: 'fallback-page' },
    ]);
  });

  it('each origin has the patience of its own', async () => {
    slow.answer((request, response) => void setTimeout(() => echo(request, response), 700));
    origin.answer((request, response) => void setTimeout(() => echo(request, response), 700));
    expect((await ask(edge, null, unseen('/slow/x'))).status).toBe(504);
    expect((await ask(edge, null, unseen('/page'))).status).toBe(200);
  });

  it('data stays data: for programs, for routes that say false, for scoped routes that name none', async () => {
    failing(503);
    const untouched = [503, '{"stack":"trace"}'];
    for (const [target, headers, who] of [
      ['/shop/x', { accept: 'application/json' }, null],
      ['/shop/x', { accept: '*/*' }, null],
      ['/shop/x', { ...BROWSER, 'sec-fetch-dest': 'empty' }, null],
      ['/shop/x', { accept: 'text/html;q=0, application/json' }, null],
      ['/data/x', BROWSER, null],
      ['/api/orders', BROWSER, token],
      ['/report', { accept: 'application/json' }, token],
    ] as const) {
      const answer = await ask(edge, who, unseen(target), { headers });
      expect([answer.status, answer.text]).toEqual(untouched);
    }
    const personal = await open(unseen('/report'), {}, token);
    expect([personal.status, personal.text]).toEqual([503, '<h1>No report today</h1>']);
  });

  it('an editor sees what the origin says of its fault', async () => {
    failing(500);
    expect((await open(unseen('/shop/x'), { cookie: 'editor=1' })).text).toBe('{"stack":"trace"}');
  });

  it('a page that is stored is served stale instead, where the route allows it', async () => {
    origin.answer(page({ 'cache-control': 'public, max-age=1' }));
    const target = unseen('/kept/x');
    await open(target);
    failing(503);
    await expect.poll(async () => (await open(target)).cache).toBe('STALE');
  });

  it('a refusal of the edge’s own is not the origin’s failure', async () => {
    const refused = await open('/report');
    expect(refused.status).toBe(401);
    expect(refused.headers['content-type']).toBe('application/problem+json');
  });
});

it('the log names the cookies that were taken out of a stored page, never their values', async () => {
  const cookies = [
    'sid=SECRET-1; Path=/',
    'ab_test=SECRET-2',
    'sid=SECRET-3',
    ...Array.from({ length: 20 }, (_, i) => `c${i}=SECRET`),
  ];
  origin.answer((_request, response) => {
    response.writeHead(200, { 'cache-control': 'public, max-age=60', 'set-cookie': cookies }).end('news');
  });
  const target = unseen('/news/x');
  const lines = await loggedBy(edge, async () => {
    expect((await ask(edge, null, target)).headers).not.toHaveProperty('set-cookie');
    expect((await ask(edge, null, target)).cache).toBe('HIT');
  });
  const [first] = lines;
  expect(first?.strippedCookies).toHaveLength(10);
  expect(new Set(first?.strippedCookies).size).toBe(10);
  for (const name of first?.strippedCookies ?? []) expect(name).toMatch(/^(?:sid|ab_test|c\d+)$/);
  expect(lines[1]?.strippedCookies).toEqual([]);
  expect(JSON.stringify(lines)).not.toContain('SECRET');
});

it('the debug token reaches no origin, on any lane', async () => {
  origin.answer(echo);
  for (const [target, who] of [
    [unseen('/page'), null],
    [unseen('/api/orders'), token],
    ['/live', null],
  ] as const) {
    const answer = await ask(edge, who, target, { headers: { 'x-claimcache-debug': DEBUG_TOKEN } });
    expect(answer.headers['x-claimcache-debug-lane']).toBeDefined();
    expect(answer.text).not.toContain(DEBUG_TOKEN);
  }
});
