import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FastlyApi, startFastlyApi } from './support/fastly-api.ts';
import { startOperatorService } from './support/operator-service.ts';
import { runCli } from './support/run-cli.ts';

const POLICY = {
  origins: { app: { backend: 'origin' } },
  providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
  scopes: { user: { claims: 'sub' }, team: { claims: ['a', 'b'], shared: true } },
  routes: { orders: { path: '/api/orders', scope: 'user', revocation: true } },
  revocation: { scopes: ['user'], maxTokenSeconds: 7200 },
} as const;

let api: FastlyApi;
let folder: string;
let file: string;

beforeEach(async () => {
  api = await startFastlyApi();
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-revoke-'));
  file = path.join(folder, 'policy.mjs');
  writeFileSync(file, `export default ${JSON.stringify(POLICY)};`);
});
afterEach(async () => {
  expect(api.breaches).toEqual([]);
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

function revoke(args: string[], env: Record<string, string> = {}) {
  return runCli(['revoke', ...args, '--policy', file], {
    nowMs: () => 1_700_000_000_400,
    env: {
      FASTLY_API_TOKEN: api.token,
      FASTLY_SERVICE_ID: api.serviceId,
      FASTLY_API_ENDPOINT: api.url,
      ...env,
    },
  });
}

describe('claimcache revoke', () => {
  it('writes the entry first, for as long as a token may live, and then purges', async () => {
    const run = await revoke(['user', '42', '--json']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.json()).toEqual({
      ok: true,
      revoked: 'revoked/user:42',
      purged: ['user:42'],
      ttlSeconds: 7200,
    });
    expect(api.calls.map(({ method, path: at }) => `${method} ${at}`)).toEqual([
      'GET /resources/stores/kv?name=claimcache_revocations',
      'PUT /resources/stores/kv/kvstore1/keys/revoked%2Fuser%3A42',
      `POST /service/${api.serviceId}/purge`,
    ]);
    expect(api.calls[1]).toMatchObject({
      body: '{"notBefore":1700000001}',
      headers: { time_to_live_sec: '7200' },
    });
  });

  it('revokes one token by its jti, and purges nothing for it', async () => {
    const run = await revoke(['--token-id', '9f2c', '--json']);
    expect(run.json()).toMatchObject({ ok: true, revoked: 'revoked-token/jti:9f2c', purged: [] });
    expect(api.calls).toHaveLength(2);
  });

  it('does not purge where the entry could not be written', async () => {
    api.plan = (call) => (call.method === 'PUT' ? { status: 403 } : undefined);
    const run = await revoke(['user', '42']);
    expect(run.status).toBe(4);
    expect(api.purgedKeys()).toEqual([]);
  });

  it('says so where the purge failed after the entry was written', async () => {
    api.plan = (call) => (call.method === 'POST' ? { status: 400 } : undefined);
    const run = await revoke(['user', '42']);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('Revoked, but not purged');
  });

  it.each([
    [['team', 'x'], 'Nobody is revoked by the scope "team"'],
    [[], 'One of: <scope> <value>, --token-id JTI.'],
    [['user', '42', '--token-id', 'a'], 'One of'],
  ])('refuses %j', async (args, message) => {
    const run = await revoke(args);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
    expect(api.calls).toEqual([]);
  });

  it('is understood by the endpoint of the service', async () => {
    const service = await startOperatorService('operator-of-the-test', POLICY);
    try {
      const env = { CLAIMCACHE_OPERATOR_TOKEN: 'operator-of-the-test' };
      const run = await revoke(['user', '42', '--local', service.url, '--json'], env);
      expect(run.json()).toMatchObject({ ok: true, revoked: 'revoked/user:42', purged: ['user:42'] });
      expect(service.written).toMatchObject([
        { store: 'claimcache_revocations', key: 'revoked/user:42', ttlSeconds: 7200 },
      ]);
      expect(service.purged).toEqual([{ key: 'user:42', soft: false }]);
    } finally {
      await service.stop();
    }
  });
});
