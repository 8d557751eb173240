import { expect, it } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { createRequestHandler } from '../../../src/request/handle-request.ts';
import { createHandlers } from '../../../src/request/handlers/create-handlers.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryPlatform } from '../../../src/testing/memory-platform.ts';

const HANDSHAKE = {
  host: 'www.test',
  upgrade: 'websocket',
  connection: 'keep-alive, Upgrade',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
};

/** Where the request was handed to, and what the log says. */
async function ask(
  changes: Readonly<Record<string, string>>,
  method = 'GET',
  scheme = 'https',
  handlers = createHandlers(),
) {
  const handed: string[] = [];
  const lines: LogRecord[] = [];
  const policy = compilePolicy({
    origins: { app: { backend: 'origin' } },
    hstsSeconds: 60,
    routes: { live: { path: '/live', lane: 'pass', websocket: { origins: ['https://*.example.com'] } } },
  });
  const platform = memoryPlatform({
    log: (_, line) => void lines.push(JSON.parse(line)),
    handOff: (_, backend) => {
      handed.push(backend);
      return new Response(null, { status: 204 });
    },
  });
  const request = new Request(`${scheme}://www.test/live`, { method, headers: { ...HANDSHAKE, ...changes } });
  const { status, headers } = await createRequestHandler(
    policy,
    routerOf(policy),
    platform,
    handlers,
  )({
    request,
    requestId: 'request-1',
    clientAddress: null,
    waitUntil: () => {},
    vcpuMs: () => null,
  });
  return {
    status,
    hsts: headers.get('strict-transport-security'),
    handed,
    cause: lines[0]?.cause ?? null,
    reason: lines[0]?.reason,
  };
}

it('a handshake is handed to its backend', async () => {
  const handed = { status: 204, hsts: null, handed: ['origin'], cause: null, reason: 'websocket' };
  expect(await ask({})).toEqual(handed);
  expect((await ask({ origin: 'https://www.test' })).handed).toEqual(['origin']);
  expect((await ask({ origin: 'https://a.example.com' })).handed).toEqual(['origin']);
});

it.each<[string, Record<string, string>, string]>([
  ['a body', { 'content-length': '5' }, 'a body'],
  ['a body of unknown length', { 'transfer-encoding': 'chunked' }, 'a body'],
  ['another hop', { connection: 'Upgrade, x-own' }, 'Connection names something else'],
  ['another protocol beside it', { upgrade: 'websocket, h2c' }, 'Upgrade names more'],
  ['a control field', { 'surrogate-key': 'user:42' }, 'surrogate-key reaches no origin'],
  ['another spelling of one', { x_claimcache_claims: '{}' }, 'x_claimcache_claims reaches no origin'],
])('with %s it is a 400, and the log says why', async (_what, changes, why) => {
  const answer = await ask(changes);
  expect(answer).toMatchObject({ status: 400, handed: [] });
  expect(answer.cause).toContain(why);
});

it('a page without TLS opens no socket of a host with it', async () => {
  expect(await ask({ origin: 'http://www.test' })).toMatchObject({ status: 403, handed: [] });
  expect((await ask({ origin: 'http://www.test' }, 'GET', 'http')).handed).toEqual(['origin']);
  expect(await ask({ origin: 'https://example.com' })).toMatchObject({ status: 403, handed: [] });
});

it('what a handler gives in the place of the socket is finished like any response', async () => {
  const handlers = createHandlers().use('/live', async (_, next) => {
    await next();
    return new Response('busy', { status: 503 });
  });
  expect(await ask({}, 'GET', 'https', handlers)).toMatchObject({
    status: 503,
    hsts: 'max-age=60; includeSubDomains',
  });
});

it('by another method it is a plain request', async () => {
  expect(await ask({}, 'HEAD')).toMatchObject({ handed: [], reason: 'route-pass' });
});
