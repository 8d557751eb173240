import { createHmac, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { base64url, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { siteKeys } from '../site/keys.ts';
import { personNamed } from '../site/people.ts';
import { createTokens } from '../site/tokens.ts';
import { buildService } from '../support/build-service.ts';
import { type Answer, type SendOptions, send } from '../support/send.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { KEY_LENGTHS } from './policies/identity.ts';
import { page, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

const HMAC = ['HS256', 'HS384', 'HS512'] as const;
const PUBLIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
const OPERATOR = 'operator-of-the-test';

const keyOf = (length: number) => `${'k'.repeat(length - 1)}z`;
const secret = base64url.encode(randomBytes(48));
const pairs = new Map<string, CryptoKey>();
const jwks: JWK[] = [];
let origin: ScriptedOrigin;
let edge: RunningEdge;

beforeAll(async () => {
  for (const algorithm of PUBLIC) {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    pairs.set(algorithm, privateKey);
    jwks.push({ ...(await exportJWK(publicKey)), kid: algorithm, alg: algorithm });
  }
  origin = await startScriptedOrigin();
  const wasm = await buildService({ name: 'identity', policy: 'test/edge/policies/identity.ts' });
  edge = await startEdge({
    originUrl: origin.url,
    wasm,
    config: { test_jwks: JSON.stringify({ keys: jwks }) },
    secrets: {
      test_hmac: secret,
      operator_token: OPERATOR,
      ...Object.fromEntries(KEY_LENGTHS.map((length) => [`key_${length}`, keyOf(length)])),
    },
  });
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
});
beforeEach(() => {
  origin.answer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'private, max-age=60' });
    response.end(JSON.stringify({ headers: request.headers, n: origin.requests.length }));
  });
});

const nowSeconds = () => Math.floor(Date.now() / 1000);

function token(
  algorithm: string,
  claims: JWTPayload = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const isHmac = algorithm.startsWith('HS');
  const key = isHmac ? new TextEncoder().encode(secret) : pairs.get(algorithm);
  if (key === undefined) throw new Error(algorithm);
  return new SignJWT({
    iss: isHmac ? 'https://hmac.test' : 'https://asymmetric.test',
    sub: 'alice',
    iat: nowSeconds(),
    exp: nowSeconds() + 600,
    jti: base64url.encode(randomBytes(8)),
    ...claims,
  })
    .setProtectedHeader({ alg: algorithm, ...(isHmac ? {} : { kid: algorithm }), ...header })
    .sign(key);
}

/** HS256 over any header and payload texts, as an attacker who knows the key would not need to: for claims of odd types. */
function signedText(header: string, payload: string): string {
  const input = `${base64url.encode(header)}.${base64url.encode(payload)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

function get(path: string, bearer: string | null, options: SendOptions = {}): Promise<Answer> {
  const headers = { ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }), ...options.headers };
  return send(edge.url, path, { ...options, headers });
}

const post = (path: string, body: object) =>
  send(edge.url, path, {
    method: 'POST',
    headers: { authorization: `Bearer ${OPERATOR}` },
    body: JSON.stringify(body),
  });

const unseen = (path: string) => `${path}?unseen=${base64url.encode(randomBytes(6))}`;

describe('algorithms', () => {
  test.each([...HMAC, ...PUBLIC])(
    '%s: a token is a MISS, the same and a refreshed one of that person HIT',
    async (algorithm) => {
      const path = unseen('/echo/mine');
      const first = await token(algorithm);
      expect(await get(path, first)).toMatchObject({ status: 200, cache: 'MISS' });
      expect(await get(path, first)).toMatchObject({ status: 200, cache: 'HIT' });
      expect(await get(path, await token(algorithm))).toMatchObject({ status: 200, cache: 'HIT' });
      expect(await get(path, await token(algorithm, { sub: 'bob' }))).toMatchObject({ cache: 'MISS' });
    },
  );

  test('the same sub from two issuers never meets', async () => {
    const path = unseen('/echo/mine');
    expect(await get(path, await token('HS256'))).toMatchObject({ cache: 'MISS' });
    expect(await get(path, await token('RS256'))).toMatchObject({ cache: 'MISS' });
    expect(await get(path, await token('HS256'))).toMatchObject({ cache: 'HIT' });
  });
});

describe('attacks', () => {
  const claims = () => ({
    iss: 'https://hmac.test',
    sub: 'alice',
    iat: nowSeconds(),
    exp: nowSeconds() + 600,
  });
  const HS = '{"alg":"HS256"}';
  const payload = (changes: Record<string, unknown>) => JSON.stringify({ ...claims(), ...changes });
  const unsigned = (alg: string) =>
    `${base64url.encode(`{"alg":"${alg}"}`)}.${base64url.encode(payload({}))}.`;

  const attacks: [string, () => string | Promise<string>][] = [
    ...['none', 'None', 'NONE', 'nOnE', ''].map((alg): [string, () => string] => [
      `alg "${alg}"`,
      () => unsigned(alg),
    ]),
    ['a blank signature', async () => (await token('HS256')).replace(/[^.]+$/, '')],
    ['a truncated signature', async () => (await token('HS256')).slice(0, -4)],
    [
      'a changed payload',
      async () =>
        (await token('RS256')).replace(
          /\.[^.]+\./,
          `.${base64url.encode(payload({ iss: 'https://asymmetric.test', sub: 'bob' }))}.`,
        ),
    ],
    [
      'HS256 with the public key as the secret',
      () => {
        const key = jwks[0];
        const input = `${base64url.encode('{"alg":"HS256","kid":"RS256"}')}.${base64url.encode(payload({ iss: 'https://asymmetric.test' }))}`;
        return `${input}.${createHmac('sha256', JSON.stringify(key)).update(input).digest('base64url')}`;
      },
    ],
    [
      'a blank HMAC key',
      () => {
        const input = `${base64url.encode(HS)}.${base64url.encode(payload({}))}`;
        return `${input}.${createHmac('sha256', '').update(input).digest('base64url')}`;
      },
    ],
    [
      'a key in the header',
      async () => {
        const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
        return new SignJWT({ ...claims(), iss: 'https://asymmetric.test' })
          .setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(publicKey) })
          .sign(privateKey);
      },
    ],
    ['b64', () => signedText('{"alg":"HS256","b64":false}', payload({}))],
    ['zip', () => signedText('{"alg":"HS256","zip":"DEF"}', payload({}))],
    ['crit', () => signedText('{"alg":"HS256","crit":["exp"]}', payload({}))],
    ['a kid that is a path', () => token('RS256', {}, { kid: '../../dev/null' })],
    ['a kid of another key', () => token('RS256', {}, { kid: 'RS512' })],
    ['no exp', () => signedText(HS, JSON.stringify({ iss: 'https://hmac.test', sub: 'alice' }))],
    ['exp as a string', () => signedText(HS, payload({ exp: String(nowSeconds() + 600) }))],
    ['a negative exp', () => signedText(HS, payload({ exp: -1 }))],
    ['an expired token', () => signedText(HS, payload({ exp: nowSeconds() - 1 }))],
    ['nbf in the future', () => signedText(HS, payload({ nbf: nowSeconds() + 600 }))],
    ['another issuer', () => signedText(HS, payload({ iss: 'https://evil.test' }))],
    ['no sub', () => signedText(HS, payload({ sub: undefined }))],
    ['a sub that is an object', () => signedText(HS, payload({ sub: { id: 1 } }))],
    ['a sub that is a list', () => signedText(HS, payload({ sub: ['alice'] }))],
    ['an empty sub', () => signedText(HS, payload({ sub: '' }))],
    ['a sub of more than 1 KiB', () => signedText(HS, payload({ sub: 'a'.repeat(1025) }))],
    ['a lone surrogate in sub', () => signedText(HS, payload({}).replace('"alice"', '"\\ud800"'))],
    ['a member named twice', () => signedText(HS, payload({}).replace('{', '{"sub":"bob",'))],
    ['a payload that is no object', () => signedText(HS, '"alice"')],
    ['a payload of brackets', () => signedText(HS, `${'['.repeat(500)}${']'.repeat(500)}`)],
    ['base64url with padding', async () => `${await token('HS256')}=`],
    [
      'base64url in another spelling',
      async () => (await token('HS256')).replace(/.$/, (last) => (last === 'B' ? 'C' : 'B')),
    ],
    ['two tokens', async () => `${await token('HS256')}.${await token('HS256')}`],
    ['a token of 9 KiB', () => signedText(HS, payload({ padding: 'a'.repeat(9000) }))],
  ];

  test.each(attacks)('%s: 401 invalid_token, no origin request, nothing in the cache', async (_, forge) => {
    const path = unseen('/echo/mine');
    const before = origin.requests.length;
    const answer = await get(path, await forge());
    expect(answer).toMatchObject({ status: 401, cache: 'ERROR' });
    expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    expect(answer.text).not.toMatch(/alice|bob|eyJ/);
    expect(origin.requests.length).toBe(before);
    expect(await get(path, await token('HS256'))).toMatchObject({ cache: 'MISS' });
  });

  test('two Authorization headers are nobody’s', async () => {
    const before = origin.requests.length;
    const good = await token('HS256');
    const status = await rawStatus([
      `Authorization: Bearer ${good}`,
      `Authorization: Bearer ${await token('HS256', { sub: 'bob' })}`,
    ]);
    expect(status).toBe(401);
    expect(origin.requests.length).toBe(before);
  });

  test('two cookies of one name are nobody’s', async () => {
    const [a, b] = [await token('HS256'), await token('HS256', { sub: 'bob' })];
    const before = origin.requests.length;
    const answer = await get('/echo/mine', null, { headers: { cookie: `session=${a}; session=${b}` } });
    expect(answer.status).toBe(401);
    expect(origin.requests.length).toBe(before);
  });

  test('a flood of one bad token is answered 401 each time, and the good one still passes', async () => {
    const bad = (await token('RS256')).slice(0, -4);
    const answers = await Promise.all(Array.from({ length: 50 }, () => get('/echo/mine', bad)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await get(unseen('/echo/mine'), await token('RS256'))).status).toBe(200);
  });

  async function rawStatus(headers: readonly string[]): Promise<number> {
    const { hostname, port } = new URL(edge.url);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let received = '';
      socket.setEncoding('utf8').on('data', (chunk) => {
        received += chunk;
      });
      socket.on('end', () => resolve(received)).on('error', reject);
      socket.write(
        `GET /echo/mine HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${headers.join('\r\n')}\r\nConnection: close\r\n\r\n`,
      );
    });
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
  }
});

describe('scopes', () => {
  test('a new version of a user retires the old entries', async () => {
    const path = unseen('/echo/versioned');
    await get(path, await token('HS256', { version: 1 }));
    expect(await get(path, await token('HS256', { version: 1 }))).toMatchObject({ cache: 'HIT' });
    expect(await get(path, await token('HS256', { version: 2 }))).toMatchObject({ cache: 'MISS' });
  });

  test('a purge of the user takes the entries of composite scopes with it', async () => {
    const path = unseen('/echo/versioned');
    await get(path, await token('HS256', { version: 3 }));
    expect((await post('/.edge/purge', { scope: 'user', value: 'alice' })).status).toBe(200);
    expect(await get(path, await token('HS256', { version: 3 }))).toMatchObject({ cache: 'MISS' });
  });

  test('members of a required group share one entry, others get 403 insufficient_scope', async () => {
    origin.answer((_, response) => response.writeHead(200, { 'cache-control': 's-maxage=60' }).end('report'));
    const path = unseen('/echo/editors');
    expect(await get(path, await token('HS256', { groups: ['staff', 'editors'] }))).toMatchObject({
      cache: 'MISS',
    });
    const other = await token('HS256', { sub: 'bob', groups: ['editors'] });
    expect(await get(path, other)).toMatchObject({ cache: 'HIT', text: 'report' });
    const outsider = await get(path, await token('HS256', { groups: ['staff'] }));
    expect(outsider.status).toBe(403);
    expect(outsider.headers['www-authenticate']).toBe('Bearer error="insufficient_scope"');
  });

  test('a claim whose name has dots partitions, is required, and reaches the origin under its own name', async () => {
    origin.answer((request, response) => {
      response.writeHead(200, { 'cache-control': 'public, max-age=60' });
      response.end(JSON.stringify({ headers: request.headers }));
    });
    const path = unseen('/echo/org');
    const member = (sub: string, org: string, roles = ['reader']) =>
      token('HS256', { sub, 'https://my.app/org_id': org, 'https://my.app/roles': roles });
    const first = await get(path, await member('alice', 'acme'));
    expect(first).toMatchObject({ status: 200, cache: 'MISS' });
    const { headers } = first.json<{ headers: Record<string, string> }>();
    expect(headers['x-org-id']).toBe('acme');
    expect(JSON.parse(headers['x-claimcache-claims'] ?? '')).toEqual({ 'https://my.app/org_id': 'acme' });
    expect(await get(path, await member('bob', 'acme'))).toMatchObject({ cache: 'HIT', text: first.text });
    expect(await get(path, await member('carol', 'initech'))).toMatchObject({ cache: 'MISS' });
    expect(await get(path, await member('dave', 'acme', ['guest']))).toMatchObject({ status: 403 });
    const nested = await token('HS256', {
      'https://my': { 'app/org_id': 'acme' },
      'https://my.app/roles': ['reader'],
    });
    expect(await get(path, nested)).toMatchObject({ status: 401 });
  });

  test('language and bucket partition the cache by their lists, and the origin gets what counts', async () => {
    const path = unseen('/echo/locale');
    const bearer = await token('HS256');
    const ask = (language: string, cookie: string) =>
      get(path, bearer, { headers: { 'accept-language': language, cookie } });
    const first = await ask('de-AT,de;q=0.9,en;q=0.5', 'ab=a; tracking=1');
    expect(first).toMatchObject({ cache: 'MISS' });
    const { headers } = first.json<{ headers: Record<string, string> }>();
    expect(headers).toMatchObject({ 'accept-language': 'de', cookie: 'ab=a' });
    expect(await ask('de', 'ab=a')).toMatchObject({ cache: 'HIT' });
    expect(await ask('en', 'ab=a')).toMatchObject({ cache: 'MISS' });
    expect(await ask('de', 'ab=b')).toMatchObject({ cache: 'MISS' });
    expect(await ask('fr', 'ab=zzz')).toMatchObject({ cache: 'MISS' });
    expect(await ask('es', '')).toMatchObject({ cache: 'HIT' });
  });

  test('a whole header makes a scope without a token', async () => {
    const path = unseen('/echo/api-key');
    const ask = (key: string) => get(path, null, { headers: { 'x-api-key': key } });
    expect((await get(path, null)).status).toBe(401);
    expect(await ask('one')).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await ask('one')).toMatchObject({ cache: 'HIT' });
    expect(await ask('two')).toMatchObject({ cache: 'MISS' });
  });

  test('country and device are part of the key and of what the origin is told', async () => {
    origin.answer((request, response) => {
      response.writeHead(200, { 'cache-control': 'public, max-age=60' });
      response.end(String(request.headers['x-claimcache-claims']));
    });
    const path = unseen('/echo/country');
    const first = await get(path, null, { headers: { 'x-claimcache-claims': '{"country":"DE"}' } });
    expect(first).toMatchObject({ status: 200, cache: 'MISS' });
    expect(Object.keys(first.json<object>())).toEqual(['country', 'device']);
    expect(await get(path, null)).toMatchObject({ cache: 'HIT' });
  });
});

describe('the origin', () => {
  test('gets the verified claim, never an inbound header of its name', async () => {
    const answer = await get(unseen('/echo/mine'), await token('HS256', { sub: 'zoë' }), {
      headers: { 'x-user-id': 'root' },
    });
    expect(answer.json<{ headers: Record<string, string> }>().headers['x-user-id']).toBe('zo%C3%AB');
    const anonymous = await get('/unrouted', null, {
      method: 'POST',
      headers: { 'x-user-id': 'root' },
      body: 'x',
    });
    expect(anonymous.json<{ headers: Record<string, string> }>().headers).not.toHaveProperty('x-user-id');
  });

  test.each([
    ['names somebody else', 'bob'],
    ['names nobody', null],
  ])('whose response %s is neither stored nor shown', async (_, name) => {
    origin.answer((__, response) => {
      response.writeHead(200, {
        'cache-control': 'private, max-age=60',
        ...(name === null ? {} : { 'x-user-id': name }),
      });
      response.end('secret of bob');
    });
    const path = unseen('/echo/asserted');
    const answer = await get(path, await token('HS256'));
    expect(answer.status).toBe(502);
    expect(answer.text).not.toContain('secret');
    origin.answer((__, response) => {
      response
        .writeHead(200, { 'cache-control': 'private, max-age=60', 'x-user-id': 'alice' })
        .end('page of alice');
    });
    await expect.poll(async () => (await get(path, await token('HS256'))).text).toBe('page of alice');
    expect(await get(path, await token('HS256'))).toMatchObject({ cache: 'HIT' });
  });
});

describe('revocation', () => {
  test('a revoked user is out at once, with tokens issued until then; a token issued later is in', async () => {
    const path = unseen('/echo/revocable');
    const old = await token('HS256', { sub: 'carol', iat: nowSeconds() - 10 });
    expect(await get(path, old)).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await get(path, old)).toMatchObject({ status: 200, cache: 'HIT' });
    const revoked = await post('/.edge/revoke', { scope: 'user', value: 'carol' });
    expect(revoked.json()).toMatchObject({
      revoked: 'revoked/user:carol',
      purged: ['user:carol'],
      ttlSeconds: 3600,
    });
    expect((await get(path, old)).status).toBe(401);
    expect((await get(path, await token('HS256', { sub: 'carol' }))).status).toBe(401);
    // Routes that do not ask go on.
    expect((await get(unseen('/echo/mine'), old)).status).toBe(200);
    expect((await get(path, await token('HS256', { sub: 'dave' }))).status).toBe(200);
    await expect.poll(async () => (await get(path, await token('HS256', { sub: 'carol' }))).status).toBe(200);
  });

  test('one token is revoked by its jti', async () => {
    const [one, two] = [await token('HS256', { jti: 'one' }), await token('HS256', { jti: 'two' })];
    await post('/.edge/revoke', { tokenId: 'one' });
    expect((await get('/echo/revocable', one)).status).toBe(401);
    expect((await get('/echo/revocable', two)).status).toBe(200);
  });

  test('only the operator revokes', async () => {
    const answer = await send(edge.url, '/.edge/revoke', {
      method: 'POST',
      body: '{"scope":"user","value":"alice"}',
    });
    expect(answer.status).toBe(401);
  });
});

/**
 * The host of this runtime keeps a pointer to an HMAC key's bytes, not the bytes: a key that it imported is another one
 * after a while, at once for some lengths. So each length is asked for again and again, with a token not seen before.
 */
test.each(KEY_LENGTHS)(
  'a secret of %i bytes verifies every fresh token, in request after request',
  async (length) => {
    origin.answer(page({ 'cache-control': 'private, max-age=60' }));
    const appSecret = keyOf(length);
    const tokens = createTokens({ ...(await siteKeys()), appSecret });
    const forger = createTokens({ ...(await siteKeys()), appSecret: `${appSecret.slice(0, -1)}y` });
    const alice = personNamed('alice');
    if (alice === undefined) throw new Error('no alice');
    for (let i = 0; i < 12; i++) {
      const target = unseen(`/of/${length}/page`);
      const good = await get(target, await tokens.issue(alice, 'app', 900));
      const forged = await get(target, await forger.issue(alice, 'app', 900));
      expect([i, good.status, forged.status]).toEqual([i, 200, 401]);
    }
  },
);
