import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { exportSPKI, generateKeyPair } from 'jose';
import { root } from '../../../scripts/root.ts';
import { untoldRecord } from '../../../src/request/log-record.ts';
import type { FastlyApi } from '../../cli/support/fastly-api.ts';
import type { Installed } from './installed.ts';

const run = promisify(execFile);
/** A service as the documents have it: their scopes, their routes, and a second provider. */
const POLICY = `import { definePolicy } from 'claimcache';

export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    app: {
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'app_hs256', format: 'raw' },
      issuer: 'my-app',
      audience: 'my-app',
    },
    partner: { algorithms: ['RS256'], issuer: 'partner', keys: { configStore: 'claimcache_config', item: 'partner_jwks' } },
  },
  scopes: {
    user: { claims: 'sub', providers: ['app', 'partner'] },
    team: { claims: ['tenant.id', 'role'], shared: true, providers: ['app'] },
    staff: { parts: [{ set: 'roles', only: ['admin', 'editor'] }], shared: true, providers: ['app'] },
  },
  routes: {
    me: { path: '/api/me', scope: 'user', ttlSeconds: { max: 600 } },
    orders: { path: '/api/orders/**', scope: 'user', ttlSeconds: { max: 600 } },
    search: { path: '/api/search', scope: 'user', methods: ['POST'], body: 'json', ttlSeconds: 60 },
    report: { path: '/api/team/report', scope: 'team' },
    staff: { path: '/staff/**', scope: 'staff' },
    graphql: { path: '/graphql', scope: 'user', graphql: { types: { Todo: {} }, entities: { Todo: 'id' } } },
    assets: { path: '/assets/**', lane: 'public' },
  },
});
`;

/**
 * Makes a service in which the commands of the documents make sense, with the files that they read.
 *
 * @returns runs commands in bash, as a reader would, in a copy of the service; one that fails ends them, within a pipe too.
 */
export async function documentService(
  installed: Installed,
  api: FastlyApi,
): Promise<(commands: string) => Promise<string>> {
  const site = installed.site('documents');
  mkdirSync(path.join(site, 'src'));
  writeFileSync(path.join(site, 'src/policy.ts'), POLICY);
  writeFileSync(path.join(site, 'fastly.toml'), MANIFEST);
  const env = {
    PATH: `${path.join(installed.folder, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}`,
    HOME: site,
    FASTLY_API_TOKEN: api.token,
    FASTLY_API_ENDPOINT: api.url,
    FASTLY_SERVICE_ID: api.serviceId,
  };
  const shell = async (commands: string, cwd: string) => {
    const running = run('bash', ['-euo', 'pipefail', '-c', commands], { cwd, env });
    // A command that reads what nobody gives it ends, and fails.
    running.child.stdin?.end();
    const { stdout, stderr } = await running;
    return stdout + stderr;
  };
  await shell('claimcache check --fix && claimcache token alice > token.txt', site);
  await writeInputs(site);
  let count = 0;
  return async (commands) => {
    const copy = `${site}-${++count}`;
    cpSync(site, copy, { recursive: true });
    return shell(commands, copy);
  };
}

const MANIFEST = `manifest_version = 3
name = "documents"
language = "javascript"

[local_server.backends.origin]
url = "http://127.0.0.1:1"
`;

/** A key, a log, and a configuration of CloudFront. */
async function writeInputs(site: string): Promise<void> {
  const { publicKey } = await generateKeyPair('RS256', { extractable: true });
  writeFileSync(path.join(site, 'public.pem'), await exportSPKI(publicKey));
  const facts = { requestId: '1', method: 'GET', status: 200, vcpuMs: 1, totalMs: 2, localCache: false };
  const line = untoldRecord({ ...facts, time: '2026-01-01T00:00:00.000Z' });
  const log = `${JSON.stringify({ ...line, lane: 'scoped', state: 'HIT', reason: 'scope-verified', detail: 'fresh' })}\n`;
  writeFileSync(path.join(site, 'edge.log'), log);
  writeFileSync(path.join(site, 'edge.1.gz'), gzipSync(log));
  cpSync(
    path.join(root, 'test/cli/import/fixtures/cloudfront-forwarded-values.json'),
    path.join(site, 'distribution.json'),
  );
}
