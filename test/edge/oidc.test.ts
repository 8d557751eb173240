import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../cli/dev/local-server/ports.ts';
import { root } from '../../scripts/root.ts';
import { buildService } from '../support/build-service.ts';
import { send } from '../support/send.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { page, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

const RESOURCE = 'urn:claimcache:test';
/** In a folder of its own: what stands beside a policy is read as a part of it. */
const POLICY = 'build/oidc/policy.ts';

let issuer: string;
let server: Server | null = null;
let origin: ScriptedOrigin;
let edge: RunningEdge;

beforeAll(async () => {
  const port = await freePort();
  issuer = `http://127.0.0.1:${port}`;
  mkdirSync(path.dirname(path.join(root, POLICY)), { recursive: true });
  // The issuer's port is part of the policy, which is compiled into the service.
  writeFileSync(
    path.join(root, POLICY),
    `import { definePolicy } from '../../src/policy/define.ts';
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    oidc: {
      algorithms: ['RS256', 'ES256'],
      keys: { discovery: '${issuer}', backend: 'idp', ttlSeconds: 2, cooldownSeconds: 1, timeoutMs: 10_000 },
      issuer: '${issuer}',
      audience: '${RESOURCE}',
      type: 'at+jwt',
    },
  },
  scopes: { client: { claims: 'sub' } },
  routes: { mine: { path: '/mine', scope: 'client', ttlSeconds: 300 } },
});
`,
  );
  origin = await startScriptedOrigin();
  origin.answer(page({ 'cache-control': 'private, max-age=300' }));
  const wasm = await buildService({ name: 'oidc', policy: POLICY });
  edge = await startEdge({ originUrl: origin.url, wasm, backends: { idp: issuer } });
});
afterAll(async () => {
  await stopProvider();
  await edge?.stop();
  await origin?.stop();
});

async function makeKey(alg: 'RS256' | 'ES256', kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' };
}

/** A real OpenID server. It signs with the first key of the algorithm. */
async function startProvider(keys: readonly JWK[], alg: 'RS256' | 'ES256'): Promise<void> {
  const provider = new Provider(issuer, {
    jwks: { keys: keys as never },
    clients: ['alice', 'bob'].map((id) => ({
      client_id: id,
      client_secret: `${id}-secret`,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    })),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'read',
          audience: RESOURCE,
          accessTokenTTL: 600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg } },
        }),
      },
    },
  });
  server = createServer(provider.callback());
  server.listen(Number(new URL(issuer).port), '127.0.0.1');
  await once(server, 'listening');
}

async function stopProvider(): Promise<void> {
  const running = server;
  server = null;
  if (running === null) return;
  const closed = once(running, 'close');
  running.close();
  running.closeAllConnections();
  await closed;
}

async function login(client: string): Promise<string> {
  // Not `fetch`, which would use a connection that the provider has just closed: it is stopped and started.
  const answer = await send(issuer, '/token', {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${client}:${client}-secret`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: String(new URLSearchParams({ grant_type: 'client_credentials', resource: RESOURCE })),
  });
  const { access_token: token } = answer.json<{ access_token?: string }>();
  if (token === undefined) throw new Error(`no token: ${answer.status}`);
  return token;
}

const mine = (token: string) => send(edge.url, '/mine', { headers: { authorization: `Bearer ${token}` } });

describe('an OpenID provider, by discovery', () => {
  test('its tokens work, also while its keys rotate and while it is down', async () => {
    const first = await makeKey('RS256', 'first');
    await startProvider([first], 'RS256');
    const old = await login('alice');
    expect(await mine(old)).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await mine(await login('alice'))).toMatchObject({ status: 200, cache: 'HIT' });
    expect(await mine(await login('bob'))).toMatchObject({ status: 200, cache: 'MISS' });

    // Rotation: another key signs, both are published.
    await stopProvider();
    const second = await makeKey('ES256', 'second');
    await startProvider([second, first], 'ES256');
    const rotated = await login('alice');
    await expect.poll(async () => (await mine(rotated)).status, { interval: 200 }).toBe(200);
    expect(await mine(rotated)).toMatchObject({ cache: 'HIT' });
    expect((await mine(old)).status).toBe(200);

    // Down: the last good set serves.
    await stopProvider();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await mine(rotated)).status).toBe(200);
    expect((await mine(old)).status).toBe(200);

    // Withdrawn: the first key is gone from the set, and with it what it signed and what was remembered of it.
    await startProvider([second], 'ES256');
    await expect.poll(async () => (await mine(old)).status, { interval: 300 }).toBe(401);
    expect((await mine(rotated)).status).toBe(200);
  });

  test('an unknown key while the provider is down is no way in', async () => {
    const foreign = await makeKey('RS256', 'foreign');
    await stopProvider();
    await startProvider([foreign], 'RS256');
    const token = await login('alice');
    await stopProvider();
    const before = origin.requests.length;
    const { status } = await mine(token);
    // Nobody can tell whether the key is new or forged: no verdict.
    expect([401, 503]).toContain(status);
    expect(origin.requests.length).toBe(before);
  });
});
