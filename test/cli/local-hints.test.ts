import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sitePolicy from '../site/src/policy.ts';
import { closed, listen } from './support/fastly-api.ts';
import { type OperatorService, startOperatorService } from './support/operator-service.ts';
import { runCli } from './support/run-cli.ts';

/** What a person reads where a service on this machine does not do what they asked. */
const TOKEN = 'operator-of-the-test';
const env = { CLAIMCACHE_OPERATOR_TOKEN: TOKEN };
const COMMANDS = [
  ['explain', 'GET', '/'],
  ['revoke', 'user', '42'],
  ['purge', 'user', '42'],
] as const;
let folder: string;
let policy: string;
let service: OperatorService;
let off: OperatorService;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-hints-'));
  policy = path.join(folder, 'policy.ts');
  writeFileSync(policy, policyWith('user'));
  service = await startOperatorService(TOKEN);
  off = await startOperatorService(null);
});
afterAll(async () => {
  await Promise.all([service.stop(), off.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** A policy whose identities can be revoked; the service's own has no revocation. */
const policyWith = (scope: string) => `export default { origins: { app: { backend: 'o' } },
  providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
  scopes: { ${scope}: { claims: 'sub' } }, routes: { a: { path: '/a', scope: '${scope}' } },
  revocation: { scopes: ['${scope}'] } };`;

async function said(
  command: readonly string[],
  url: string | null,
  options = { env } as object,
): Promise<string> {
  const local = ['--policy', policy, '--local', ...(url === null ? [] : [url])];
  const { stdout, stderr } = await runCli([...command, ...local], options);
  return stdout + stderr;
}

describe.each(COMMANDS)('%s --local', (...command) => {
  it('404: whoever answers there has no operator endpoints', async () => {
    const text = await said(command, off.url);
    expect(text).toContain('no operator_token of 16 characters or more');
    expect(text).not.toContain('Try again');
  });

  it('401: which token was another one', async () => {
    const other = { env: { CLAIMCACHE_OPERATOR_TOKEN: 'another-of-sixteen-letters' } };
    expect(await said(command, service.url, other)).toContain(
      'CLAIMCACHE_OPERATOR_TOKEN is not the secret operator_token of that service',
    );
  });

  it('nobody there: how to start it, where no URL was given', async () => {
    expect(await said(command, 'http://127.0.0.1:9')).toContain('Is it running, and is the URL right?');
    const refusing = async () => {
      throw Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }),
      });
    };
    expect(await said(command, null, { env, fetch: refusing })).toContain(
      'No service of this folder runs that `claimcache dev` (npm start) has started',
    );
  });

  it('a token that no service takes is not sent', async () => {
    const short = { env: { CLAIMCACHE_OPERATOR_TOKEN: 'short' } };
    expect(await said(command, service.url, short)).toContain('fewer than 16 characters');
  });
});

it('revoke --local: a service whose policy has no revocation says so', async () => {
  const text = await said(['revoke', 'user', '42'], service.url);
  expect(text).toContain('The policy of this service has no revocation.');
});

it('what the service does not know is told by the service', async () => {
  const other = path.join(folder, 'other.ts');
  writeFileSync(other, policyWith('usr'));
  const input = { ...sitePolicy, revocation: { scopes: ['user'] } };
  const revoking = await startOperatorService(TOKEN, input);
  try {
    const run = await runCli(['revoke', 'usr', '42', '--local', revoking.url, '--policy', other], { env });
    expect(run.stderr).toContain('status 400. Unknown scope "usr". Did you mean "user"? Known: user.');
  } finally {
    await revoking.stop();
  }
});

it('something else that answers with a page is no service', async () => {
  const server = createServer((_, response) => response.writeHead(404).end('<h1>Not Found</h1>'));
  const url = await listen(server);
  try {
    expect(await said(['explain', '/'], url)).toContain('no claimcache service answers there');
  } finally {
    await closed(server);
  }
});
