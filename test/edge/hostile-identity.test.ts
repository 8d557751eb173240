import { createHmac, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildService } from '../support/build-service.ts';
import { type Answer, type SendOptions, send } from '../support/send.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { echo, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

// Keys, tokens, claims and fields that somebody made to break the edge: each is answered, and with an error where it has to be.
const OPERATOR = 'operator-of-the-test';
const COOKIE_KEY = 'a-key-of-sixteen-bytes-or-more';
const secret = randomBytes(48).toString('base64url');
let origin: ScriptedOrigin;
let idp: ScriptedOrigin;
let edge: RunningEdge;

beforeAll(async () => {
  const wasm = await buildService({
    name: 'hostile-identity',
    policy: 'test/edge/policies/hostile-identity.ts',
  });
  [origin, idp] = [await startScriptedOrigin(), await startScriptedOrigin()];
  edge = await startEdge({
    originUrl: origin.url,
    wasm,
    backends: { idp: idp.url },
    secrets: { test_hmac: secret, operator_token: OPERATOR, cookie_key: COOKIE_KEY },
  });
});
beforeEach(() => origin.answer(echo));
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
  await idp?.stop();
});

const b64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url');
const nowSeconds = () => Math.floor(Date.now() / 1000);
const unseen = (path: string) => `${path}?unseen=${b64(randomBytes(6))}`;

function hmacToken(claims: object = {}, header: object = {}): Promise<string> {
  return new SignJWT({ sub: 'alice', iat: nowSeconds(), exp: nowSeconds() + 600, ...claims })
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(new TextEncoder().encode(secret));
}

function signedWith(key: KeyObject, alg: string, header: object = {}): Promise<string> {
  return new SignJWT({ sub: 'alice', exp: nowSeconds() + 600 })
    .setProtectedHeader({ alg, ...header })
    .sign(key);
}

const asAlice = async (
  path: string,
  claims: object = {},
  { headers, ...options }: SendOptions = {},
): Promise<Answer> =>
  send(edge.url, path, {
    ...options,
    headers: { authorization: `Bearer ${await hmacToken(claims)}`, ...headers },
  });

/** What the log says of background work, since `from`. */
const background = (from: number) =>
  edge
    .logs()
    .slice(from)
    .filter(({ reason }) => reason === 'background');

const CURVES = [
  ['ES256', 'P-256', 'prime256v1', 32],
  ['ES384', 'P-384', 'secp384r1', 48],
  ['ES512', 'P-521', 'secp521r1', 66],
] as const;

describe.each(CURVES)('a key for %s that is no point of %s', (alg, crv, namedCurve, size) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  const good = publicKey.export({ format: 'jwk' });
  const [x, y] = [Buffer.from(String(good.x), 'base64url'), Buffer.from(String(good.y), 'base64url')];
  const zeros = b64(Buffer.alloc(size));

  it.each<[string, object]>([
    ['at nought', { x: zeros, y: zeros }],
    ['off the curve', { y: good.x }],
    ['x above p', { x: b64(Buffer.alloc(size, 255)) }],
    ['x too short', { x: b64(x.subarray(1)) }],
    ['x too long', { x: b64(Buffer.concat([Buffer.alloc(1), x])) }],
    ['y too long', { y: b64(Buffer.concat([y, Buffer.alloc(1)])) }],
    ['x of 2,500 bytes', { x: b64(Buffer.alloc(2500, 1)) }],
    ['x empty', { x: '' }],
    ['x of blanks', { x: '  ' }],
  ])('%s: a token that names it is a 401, any other is not touched', async (_, numbers) => {
    const bad = { ...good, crv, ...numbers, kid: 'v1' };
    await edge.configure({ test_jwks: JSON.stringify({ keys: [bad, { ...good, kid: 'v2' }] }) });
    const ask = async (header: object) =>
      send(edge.url, unseen('/stored'), {
        headers: { 'x-stored-token': await signedWith(privateKey, alg, header) },
      });
    const named = await ask({ kid: 'v1' });
    expect(named.status).toBe(401);
    expect(named.json()).toMatchObject({ status: 401 });
    expect((await ask({ kid: 'v2' })).status).toBe(200);
    expect((await ask({})).status).toBe(200);
  });
});

describe('a key that is left out', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const good = { ...ec.publicKey.export({ format: 'jwk' }), kid: 'good' };
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsaKey = rsa.publicKey.export({ format: 'jwk' });

  it('is told of in the log and in the operator’s status', async () => {
    const bad = { ...good, y: good.x, kid: 'left-out' };
    const from = edge.logs().length;
    await edge.configure({ test_jwks: JSON.stringify({ keys: [bad, good] }) });
    const headers = { 'x-stored-token': await signedWith(ec.privateKey, 'ES256', { kid: 'left-out' }) };
    expect((await send(edge.url, '/stored', { headers })).status).toBe(401);
    await expect
      .poll(() => background(from))
      .toMatchObject([
        {
          code: 'ERR_KEYS_UNAVAILABLE',
          detail: 'keys',
          cause: expect.stringContaining('left-out (ec-point)'),
        },
      ]);
    await expect
      .poll(
        () =>
          edge
            .logs()
            .slice(from)
            .find(({ code }) => code === 'ERR_KEY_UNKNOWN')?.cause,
      )
      .toContain('ec-point');
    const status = await send(edge.url, '/.edge/status', {
      headers: { authorization: `Bearer ${OPERATOR}` },
    });
    expect(status.json<{ providers: object }>().providers).toMatchObject({
      stored: {
        keys: [{ kid: 'good', algorithms: ['ES256'] }],
        refused: [{ index: 0, kid: 'left-out', problem: 'ec-point' }],
      },
    });
  });

  it.each<[string, object]>([
    ['an even modulus', { n: b64(Buffer.concat([Buffer.alloc(255, 255), Buffer.from([2])])) }],
    ['an exponent of nothing', { e: '' }],
    ['an exponent of blanks', { e: ' ' }],
    ['an exponent of 1', { e: 'AQ' }],
    ['an even exponent', { e: 'Ag' }],
    ['an exponent of 256 bytes', { e: b64(Buffer.alloc(256, 255)) }],
    ['an exponent of 2,500 bytes', { e: b64(Buffer.alloc(2500, 255)) }],
    ['a modulus of 2,500 bytes', { n: b64(Buffer.alloc(2500, 255)) }],
    ['a modulus of nothing', { n: '' }],
    ['bytes that are none', { n: '!'.repeat(342) }],
  ])('RSA with %s: a 401, and the others go on', async (_, numbers) => {
    await edge.configure({
      test_jwks: JSON.stringify({
        keys: [
          { ...rsaKey, ...numbers, kid: 'v1' },
          { ...rsaKey, kid: 'v2' },
        ],
      }),
    });
    const ask = async (header: object) =>
      send(edge.url, unseen('/stored'), {
        headers: { 'x-stored-token': await signedWith(rsa.privateKey, 'RS256', header) },
      });
    expect((await ask({ kid: 'v1' })).status).toBe(401);
    expect((await ask({ kid: 'v2' })).status).toBe(200);
    expect((await ask({})).status).toBe(200);
  });

  it('an RSA key in an odd spelling verifies like any other', async () => {
    const padded = {
      ...rsaKey,
      n: `${b64(Buffer.concat([Buffer.alloc(2), Buffer.from(String(rsaKey.n), 'base64url')]))}`,
    };
    await edge.configure({ test_jwks: JSON.stringify({ keys: [{ ...padded, e: ' AQAB', kid: 'v1' }] }) });
    const headers = { 'x-stored-token': await signedWith(rsa.privateKey, 'RS256', { kid: 'v1' }) };
    expect((await send(edge.url, unseen('/stored'), { headers })).status).toBe(200);
  });
});

describe('what a token brings of keys', () => {
  it.each<[string, unknown]>([
    ['jku', 'http://127.0.0.1/evil'],
    ['x5u', 'http://127.0.0.1/evil'],
    ['x5c', ['MIIB']],
    ['jwk', { kty: 'oct', k: 'A'.repeat(64) }],
  ])('%s is ignored: a good signature counts, and nobody is asked', async (name, value) => {
    const [asked, reached] = [idp.requests.length, origin.requests.length];
    const path = unseen('/mine');
    const ask = (token: string) => send(edge.url, path, { headers: { authorization: `Bearer ${token}` } });
    expect(await ask(await hmacToken({}, { [name]: value }))).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await ask(await hmacToken())).toMatchObject({ status: 200, cache: 'HIT' });
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const brought = { [name]: name === 'jwk' ? other.publicKey.export({ format: 'jwk' }) : value };
    await edge.configure({
      test_jwks: JSON.stringify({
        keys: [
          { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }) },
        ],
      }),
    });
    const headers = { 'x-stored-token': await signedWith(other.privateKey, 'RS256', brought) };
    expect((await send(edge.url, '/stored', { headers })).status).toBe(401);
    expect([idp.requests.length - asked, origin.requests.length - reached]).toEqual([0, 1]);
  });

  it.each<[string, unknown]>([
    ['crit', ['exp']],
    ['b64', false],
    ['zip', 'DEF'],
  ])('%s changes how it is read: a 401', async (name, value) => {
    const input = `${b64(JSON.stringify({ alg: 'HS256', [name]: value }))}.${b64(JSON.stringify({ sub: 'alice', exp: nowSeconds() + 60 }))}`;
    const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    const answer = await send(edge.url, '/mine', { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(401);
  });
});

describe('a key server', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }] });
  const ask = async () =>
    send(edge.url, unseen('/remote'), {
      headers: { 'x-remote-token': await signedWith(privateKey, 'ES256', { kid: 'k' }) },
    });
  /** The set is kept for a second, and asked for once a second: asks until `look` sees what it wants. */
  const settled = (status: number, look: () => boolean = () => true) =>
    expect
      .poll(async () => [(await ask()).status, look()], { timeout: 30_000, interval: 300 })
      .toEqual([status, true]);

  it('whose set comes packed, though it was asked for as it is, is understood', async () => {
    idp.answer((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync(jwks));
    });
    await settled(200);
    expect(idp.requests.at(-1)?.headers['accept-encoding']).toBe('identity');
  });

  it('may lead to another path of its own', async () => {
    const steps = ['/jwks', '/a', '/b', '/c'];
    idp.answer(({ url = '' }, response) => {
      const next = steps[steps.indexOf(url) + 1];
      if (next === undefined) response.writeHead(200).end(jwks);
      else response.writeHead(302, { location: next === '/b' ? `http://127.0.0.1${next}` : next }).end();
    });
    await settled(200, () => idp.requests.at(-1)?.url === '/c');
    expect(idp.requests.slice(-4).map(({ url }) => url)).toEqual(steps);
  });

  it.each([
    ['another host', 'https://evil.example/keys?secret=1', 'https://evil.example/keys is refused'],
    ['another port', 'http://127.0.0.1:8080/keys', 'http://127.0.0.1:8080/keys is refused'],
    ['another scheme', 'https://127.0.0.1/keys', 'https://127.0.0.1/keys is refused'],
    ['itself', '/jwks', 'more than 3 redirects'],
    ['nowhere', 'http://', 'no URL'],
  ])('that leads to %s is not followed, and log and status say where', async (_, location, why) => {
    const from = edge.logs().length;
    idp.answer((_request, response) => response.writeHead(301, { location }).end());
    await settled(503, () => background(from).some(({ cause }) => cause?.includes(why)));
    const status = await send(edge.url, '/.edge/status', {
      headers: { authorization: `Bearer ${OPERATOR}` },
    });
    expect(status.json<{ providers: { remote: { why: string } } }>().providers.remote.why).toContain(why);
    expect(edge.output()).not.toContain('secret=1');
  });

  it('whose fields the host cannot hand over, or whose set is odd bytes, has no keys: 503', async () => {
    for (const answer of [
      () => idp.answer((_q, response) => response.writeHead(200, { 'x-big': 'a'.repeat(70_000) }).end(jwks)),
      () => idp.answer((_q, response) => response.writeHead(200).end(gzipSync(jwks).subarray(0, 40))),
      () => idp.answer((_q, response) => response.writeHead(200).end(Buffer.from([0x1f, 0x8b, 0, 0]))),
      () => idp.answer((_q, response) => response.writeHead(200).end(randomBytes(2000))),
      () => idp.answer((_q, response) => response.writeHead(200).end('{"keys":['.repeat(5000))),
    ]) {
      answer();
      const asked = idp.requests.length;
      await settled(503, () => idp.requests.length > asked);
    }
    idp.answer((_q, response) => response.writeHead(200).end(jwks));
    await settled(200);
  });
});

describe('what a person has under other parts', () => {
  const at = (sid: string, language = 'de') => ({
    headers: { cookie: `sid=${sid}`, 'accept-language': language },
  });

  it('goes with a write, from whichever device it comes', async () => {
    const path = unseen('/local');
    const bob = { sub: 'bob' };
    await asAlice(path, {}, at('phone'));
    await asAlice(path, bob, at('phone'));
    expect(await asAlice(path, {}, at('phone'))).toMatchObject({ cache: 'HIT' });
    const put = await asAlice('/local', {}, { ...at('desktop', 'en'), method: 'PUT', body: '{}' });
    expect(put.status).toBe(200);
    expect(await asAlice(path, {}, at('phone'))).toMatchObject({ cache: 'MISS' });
    expect(await asAlice(path, bob, at('phone'))).toMatchObject({ cache: 'HIT' });
  });

  it('goes with a purge of their own and with the operator’s, by the claims alone', async () => {
    const path = unseen('/local');
    const carol = { sub: 'carol' };
    await asAlice(path, carol, at('phone'));
    expect((await asAlice('/.edge/purge/me', carol, { method: 'POST' })).status).toBe(200);
    expect(await asAlice(path, carol, at('phone'))).toMatchObject({ cache: 'MISS' });
    const purge = await send(edge.url, '/.edge/purge', {
      method: 'POST',
      headers: { authorization: `Bearer ${OPERATOR}` },
      body: JSON.stringify({ scope: 'local', value: 'carol' }),
    });
    expect(purge.json()).toEqual({ purged: ['local:carol'], soft: false });
    expect(await asAlice(path, carol, at('phone'))).toMatchObject({ cache: 'MISS' });
  });

  it('counts as one person’s where purges are limited', async () => {
    const dave = { sub: 'dave' };
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) {
      statuses.push((await asAlice('/.edge/purge/me', dave, { ...at(`sid-${i}`), method: 'POST' })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
  });
});

describe('whoever falls back to anonymous', () => {
  it('carries nothing verified, and nothing is purged as theirs', async () => {
    const path = unseen('/mine');
    await asAlice(path);
    const sent = await asAlice('/member', {}, { method: 'POST', body: 'x' });
    const { headers } = sent.json<{ headers: Record<string, string> }>();
    for (const name of ['x-user-id', 'x-claimcache-claims', 'authorization'])
      expect(headers).not.toHaveProperty(name);
    expect(await asAlice(path)).toMatchObject({ cache: 'HIT' });
    const whole = await asAlice('/member', { tenant: 'acme' }, { method: 'POST', body: 'x' });
    expect(whole.json<{ headers: object }>().headers).toMatchObject({ 'x-user-id': 'alice' });
  });
});

describe('an editor', () => {
  const stateOf = async (cookie: string) =>
    (await send(edge.url, unseen('/page'), { headers: { cookie } })).cache;

  it('who was revoked is none', async () => {
    const cookie = `cms_jwt=${await hmacToken({ sub: 'erin', role: 'editor', iat: nowSeconds() - 9 })}`;
    expect(await stateOf(cookie)).toBe('BYPASS');
    await send(edge.url, '/.edge/revoke', {
      method: 'POST',
      headers: { authorization: `Bearer ${OPERATOR}` },
      body: JSON.stringify({ scope: 'user', value: 'erin' }),
    });
    expect(await stateOf(cookie)).toBe('MISS');
  });

  it('is not whoever has another cookie of the same application', async () => {
    const code = (text: string) => createHmac('sha256', COOKIE_KEY).update(text).digest('base64url');
    expect(await stateOf(`cms_sig=alice.${code('cms_sig=alice')}`)).toBe('BYPASS');
    for (const other of ['theme=alice', 'alice', 'cms_sig:alice']) {
      expect(await stateOf(`cms_sig=alice.${code(other)}`)).toBe('MISS');
    }
  });
});

it('two issuers under one provider never meet, and a claim is not overwritten by a part', async () => {
  const path = unseen('/placed');
  const one = await asAlice(path, { iss: 'https://one.test', country: 'claimed' });
  expect(one).toMatchObject({ cache: 'MISS' });
  const claims = JSON.parse(
    one.json<{ headers: Record<string, string> }>().headers['x-claimcache-claims'] ?? '',
  );
  expect(claims).toEqual({ sub: 'alice', country: 'claimed', 'part:country': expect.any(String) });
  expect(await asAlice(path, { iss: 'https://one.test', country: 'claimed' })).toMatchObject({
    cache: 'HIT',
  });
  expect(await asAlice(path, { iss: 'https://two.test', country: 'claimed' })).toMatchObject({
    cache: 'MISS',
  });
});

describe('a field of any length', () => {
  /** Never an empty 200, and the next request is served. */
  const answered = async (answer: Answer, status: number) => {
    expect([answer.status, answer.text === '']).toEqual([status, false]);
    expect((await send(edge.url, unseen('/page'))).status).toBe(200);
  };

  it.each([69_000, 70_000, 200_000])(
    'of %i bytes in a request is a 431, whatever it is called',
    async (length) => {
      const before = origin.requests.length;
      for (const name of [
        'x-big',
        'cookie',
        'authorization',
        'origin',
        'accept-language',
        'x-session-token',
      ]) {
        const headers = { [name]: 'a'.repeat(length) };
        for (const [path, method] of [
          ['/page', 'GET'],
          ['/mine', 'GET'],
          ['/page', 'POST'],
          ['/.edge/health', 'GET'],
        ]) {
          await answered(await send(edge.url, path as string, { method: method as string, headers }), 431);
        }
        await answered(await send(edge.url, '/page', { method: 'PURGE', headers }), 405);
      }
      expect(origin.requests.slice(before).filter(({ url }) => !url?.includes('unseen='))).toEqual([]);
    },
  );

  it.each(['/page', '/mine', '/live'])(
    'in an answer of the origin for %s is a 502, of which nothing is stored',
    async (path) => {
      const target = unseen(path);
      origin.answer((_request, response) => {
        response
          .writeHead(200, {
            'x-big': 'a'.repeat(70_000),
            'cache-control': 'private, no-store',
            'set-cookie': 'a=b',
          })
          .end('page of alice');
      });
      for (const method of ['GET', 'POST']) {
        const answer = await send(edge.url, target, { method });
        expect(answer.status).toBe(502);
        expect(answer.text).not.toContain('alice');
      }
      origin.answer((_request, response) =>
        response.writeHead(200, { 'cache-control': 'max-age=60' }).end('well again'),
      );
      expect((await send(edge.url, target)).text).toBe('well again');
    },
  );

  it('of bytes that take two in a key is part of the key', async () => {
    origin.answer(({ headers }, response) => {
      response.writeHead(200, { 'cache-control': 'max-age=60' }).end(`${headers['x-variant']?.length}`);
    });
    const path = unseen('/varied');
    for (const length of [1300, 2000, 3000, 6000]) {
      const ask = () => send(edge.url, path, { headers: { 'x-variant': '\u00ff'.repeat(length) } });
      expect(await ask()).toMatchObject({ status: 200, cache: 'MISS' });
      expect(await ask()).toMatchObject({ status: 200, cache: 'HIT' });
    }
  });

  it('may be what the origin is told: claims of the longest kind arrive', async () => {
    origin.answer((_request, response) =>
      response.writeHead(200, { 'cache-control': 'private, max-age=60' }).end('ok'),
    );
    const claims = { sub: 'é'.repeat(512), country: '\u20ac'.repeat(341) };
    expect((await asAlice(unseen('/placed'), claims)).status).toBe(200);
    expect((await asAlice(unseen('/placed'), { ...claims, padding: 'x'.repeat(5000) })).status).toBe(200);
  });

  it('a URL of more than 8 KiB fails before the service runs: a bare 500', async () => {
    const answer = await send(edge.url, `/${'a'.repeat(8192)}`);
    expect([answer.status, answer.text, answer.cache]).toEqual([500, '', undefined]);
    await answered(await send(edge.url, `/${'a'.repeat(8000)}`), 414);
  });
});
