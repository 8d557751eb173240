import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personNamed } from '../site/people.ts';
import { buildService } from '../support/build-service.ts';
import { send } from '../support/send.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { ask, tokenOf, unseen } from './support/client.ts';
import { type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

const SECRET = 'secret-of-the-lock';
const APP = 'https://app.example';
let origin: ScriptedOrigin;
let shop: ScriptedOrigin;
let edge: RunningEdge;
let token: string;

beforeAll(async () => {
  origin = await startScriptedOrigin();
  shop = await startScriptedOrigin();
  for (const [name, server] of [
    ['app', origin],
    ['shop', shop],
  ] as const) {
    server.answer((request, response) => {
      response.writeHead(200, {
        'cache-control': 'public, max-age=60',
        'content-type': 'application/json',
        // What one application was once allowed must not reach another out of the cache.
        'access-control-allow-origin': 'https://stored.example',
        // A debugging framework that sends back what it was sent.
        'x-origin-secret': request.headers['x-origin-secret'] ?? '',
      });
      response.end(JSON.stringify({ name, lock: request.headers['x-origin-secret'] ?? null }));
    });
  }
  const wasm = await buildService({ name: 'web', policy: 'test/edge/policies/web.ts' });
  edge = await startEdge({
    originUrl: origin.url,
    wasm,
    backends: { shop: shop.url, keyless: origin.url },
    secrets: { origin_secret: SECRET },
  });
  const alice = personNamed('alice');
  if (alice === undefined) throw new Error('no alice');
  token = await tokenOf(alice);
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
  await shop?.stop();
});

describe('CORS', () => {
  it('a preflight is answered without the origin, without a token', async () => {
    const before = origin.requests.length;
    const answer = await send(edge.url, '/api/orders', {
      method: 'OPTIONS',
      headers: {
        origin: APP,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-allow-credentials': 'true',
    });
    expect(origin.requests.length).toBe(before);
  });

  it('an application can read pages, 401s and 414s', async () => {
    const target = unseen('/api/orders');
    const page = await ask(edge, token, target, { headers: { origin: APP } });
    const refused = await ask(edge, null, '/api/orders', { headers: { origin: APP } });
    const tooLong = await send(edge.url, `/${'a'.repeat(5000)}`, { headers: { origin: APP } });
    expect([page.status, refused.status, tooLong.status]).toEqual([200, 401, 414]);
    for (const { headers } of [page, refused, tooLong]) {
      expect(headers).toMatchObject({
        'access-control-allow-origin': APP,
        'access-control-expose-headers': 'x-cache, age',
      });
      expect(headers.vary).toMatch(/origin/i);
    }
  });

  it('Origin splits no entry, and no origin gets another’s permission from the cache', async () => {
    const target = unseen('/page');
    const from = (name: string | null) =>
      ask(edge, null, target, { headers: name === null ? {} : { origin: name } });
    expect(await from(APP)).toMatchObject({ cache: 'MISS' });
    const other = await from('https://x.tenant.example');
    expect(other.cache).toBe('HIT');
    expect(other.headers['access-control-allow-origin']).toBe('https://x.tenant.example');
    for (const name of ['https://evil.example', null]) {
      const answer = await from(name);
      expect(answer.cache).toBe('HIT');
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('what an origin may take for a route with cors: false leaves it to the origin, too', async () => {
    for (const path of ['/api/inner', '/API/inner', '/api/inner;x']) {
      const answer = await ask(edge, token, path, { headers: { origin: APP } });
      expect(answer.status).toBe(200);
      expect(answer.headers['access-control-allow-origin'], path).toBe('https://stored.example');
    }
  });

  it('a route with cors: false leaves it to the origin', async () => {
    const answer = await ask(edge, null, unseen('/own'), { headers: { origin: APP } });
    expect(answer.headers['access-control-allow-origin']).toBe('https://stored.example');
  });
});

describe('origins', () => {
  it('a locked one gets the secret on every request, and never a client’s', async () => {
    const forged = { 'x-origin-secret': 'forged' };
    const lockOf = async (target: string, bearer: string | null, method = 'GET') =>
      (await ask(edge, bearer, target, { headers: forged, method })).json<{ lock: string | null }>().lock;
    expect(await lockOf(unseen('/page'), null)).toBe(SECRET);
    expect(await lockOf(unseen('/api/orders'), token)).toBe(SECRET);
    expect(await lockOf('/form', null, 'POST')).toBe(SECRET);
  });

  it('one that echoes its secret in a header gives it to no client, fresh or from the cache', async () => {
    const target = unseen('/page');
    for (const cache of ['MISS', 'HIT']) {
      const answer = await ask(edge, null, target);
      expect(answer).toMatchObject({ status: 200, cache });
      expect(answer.headers).not.toHaveProperty('x-origin-secret');
    }
    const written = await ask(edge, null, '/form', { method: 'POST' });
    expect(written.headers).not.toHaveProperty('x-origin-secret');
  });

  it('another host has another origin, which does not get the secret', async () => {
    const answer = await ask(edge, null, unseen('/page'), {
      headers: { host: 'shop.test', 'x-origin-secret': 'forged' },
    });
    expect(answer.json()).toEqual({ name: 'shop', lock: null });
  });

  it('a locked origin is not asked without its secret', async () => {
    const before = origin.requests.length;
    const answer = await ask(edge, null, unseen('/page'), { headers: { host: 'keyless.test' } });
    expect(answer.status).toBe(502);
    expect(answer.text).not.toContain('secret');
    expect(origin.requests.length).toBe(before);
  });
});

describe('HTTPS, by the switch', () => {
  it.each([
    ['redirect', 'GET', 308],
    ['redirect', 'POST', 403],
    ['require', 'GET', 403],
  ])('%s: a %s without TLS is a %i, and the origin hears nothing of it', async (https, method, status) => {
    await edge.configure({ https });
    try {
      const before = origin.requests.length;
      const answer = await ask(edge, token, '/api/orders?x=1', { method });
      expect(answer.status).toBe(status);
      if (status === 308) expect(answer.headers.location).toBe('https://127.0.0.1/api/orders?x=1');
      expect(answer.headers).not.toHaveProperty('strict-transport-security');
      expect(origin.requests.length).toBe(before);
    } finally {
      await edge.configure({});
    }
  });
});
