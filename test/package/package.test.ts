import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FastlyApi, startFastlyApi } from '../cli/support/fastly-api.ts';
import { type ScriptedOrigin, startScriptedOrigin } from '../edge/support/scripted-origin.ts';
import { siteKeys } from '../site/keys.ts';
import { send } from '../support/send.ts';
import { shellBlocks } from '../support/shell-blocks.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { blocksOf, writeBlocks } from '../unit/guides/support/blocks.ts';
import { EXAMPLE_POLICY, withoutScope } from '../unit/guides/support/example-policy.ts';
import { documentService } from './support/document-service.ts';
import { type Installed, installedPackage } from './support/installed.ts';

let installed: Installed;
let origin: ScriptedOrigin;

beforeAll(async () => {
  origin = await startScriptedOrigin();
  let count = 0;
  origin.answer((request, response) => {
    response.setHeader('cache-control', 'private, max-age=60').end(`${request.url} ${++count}`);
  });
  installed = installedPackage();
});
afterAll(async () => {
  await origin?.stop();
});

async function tokenOf(sub: string): Promise<string> {
  const { appSecret } = await siteKeys();
  return new SignJWT({ sub, iss: 'https://issuer.example', aud: 'site' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(appSecret));
}

async function account(edge: RunningEdge, sub: string, more: Record<string, string> = {}) {
  const authorization = `Bearer ${await tokenOf(sub)}`;
  const { status, cache, text } = await send(edge.url, '/account', { headers: { authorization, ...more } });
  return { status, cache, text };
}

describe('the tarball', () => {
  it('holds what a user needs, and nothing of the demo, the tests or the benches', () => {
    const tops = new Set(installed.files.map((file) => file.split('/').slice(0, 2).join('/')));
    expect([...tops].filter((top) => !top.startsWith('docs/')).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'cli/base',
      'cli/claimcache.mjs',
      'dist/cli',
      'dist/local-cache',
      'dist/src',
      'dist/web',
      'package.json',
      'template/README.md',
      'template/github',
      'template/gitignore',
      'template/src',
      'template/test',
      'template/tsconfig.json',
      'template/webpack.config.js',
    ]);
    expect(
      installed.files.filter((file) => /^(?!template\/).*(?:^|\/)(?:test|bench|demo)\//.test(file)),
    ).toEqual([]);
  });
});

describe('a service of three files', () => {
  let service: string;
  let edge: RunningEdge;
  beforeAll(async () => {
    service = installed.service('three-files');
    edge = await startEdge({ originUrl: origin.url, wasm: await installed.build(service) });
  });
  afterAll(async () => edge?.stop());

  it('has nothing of Node, of the build or of the command in its bundle', () => {
    const bundle = readFileSync(path.join(service, 'bin/index.js'), 'utf8');
    expect(/['"]node:|POLICY_UNSAFE|unplugin|commander/.exec(bundle)?.[0]).toBeUndefined();
    expect(bundle.includes(installed.folder)).toBe(false);
  });

  it('answers MISS, HIT to a new token of the same person, and after a purge MISS', async () => {
    const first = await account(edge, '42');
    expect(first).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await account(edge, '42')).toMatchObject({ cache: 'HIT', text: first.text });
    expect((await account(edge, '43')).text).not.toBe(first.text);
    // A preset of `claimcache/cms`.
    expect(await account(edge, '42', { cookie: '__prerender_bypass=x' })).toMatchObject({ cache: 'BYPASS' });

    process.env.CLAIMCACHE_OPERATOR_TOKEN = (await siteKeys()).operatorToken;
    const purged = await installed.claimcache(service, 'purge', 'user', '42', '--local', edge.url);
    expect(purged.stderr).toBe('');
    expect(purged.status).toBe(0);
    const again = await account(edge, '42');
    expect(again).toMatchObject({ cache: 'MISS' });
    expect(again.text).not.toBe(first.text);
    expect(await account(edge, '43')).toMatchObject({ cache: 'HIT' });
  });

  it('answers 401 without a token, and by its own handlers', async () => {
    expect(await send(edge.url, '/account')).toMatchObject({ status: 401 });
    expect(await send(edge.url, '/robots.txt')).toMatchObject({ status: 200, text: 'User-agent: *\n' });
  });

  it('gets the local readthrough cache by the command, without a compiler', async () => {
    const { status, stderr } = await installed.claimcache(
      service,
      'local-cache',
      'bin/main.wasm',
      'bin/local.wasm',
    );
    expect(stderr + String(status)).toMatch(/0$/);
    expect(existsSync(path.join(service, 'bin/local.wasm'))).toBe(true);
  });

  it('is what `npx claimcache check` reads in its folder', async () => {
    const { status, stdout, stderr } = await installed.claimcache(service, 'check', '--json');
    const { routes } = JSON.parse(stdout);
    const names: string[] = routes.map(({ name }: { name: string }) => name);
    expect([...new Set(names)]).toEqual(['account', '(cms)', 'default']);
    expect(stderr).toBe('');
    // No fastly.toml stands there: that is told, and nothing of another folder is taken for it.
    expect(status).toBe(1);
  });
});

describe('the commands in the documents that say `run`', () => {
  const blocks = shellBlocks().filter(({ tag }) => tag === 'run');
  let api: FastlyApi;
  let shell: (commands: string) => Promise<string>;
  beforeAll(async () => {
    api = await startFastlyApi();
    shell = await documentService(installed, api);
  });
  afterAll(async () => api?.stop());

  it.each(blocks)('end with success: $document:$line', async ({ commands }) => {
    expect(await shell(commands)).not.toBe('');
  });

  it('are more than five blocks, and their purges are calls that Fastly knows', () => {
    expect(blocks.length).toBeGreaterThan(5);
    expect(api.purgedKeys()).toContain('user:42');
    expect(api.breaches).toEqual([]);
  });
});

describe('the example for jest in docs/how-to/testing.md', () => {
  let site: string;
  beforeAll(async () => {
    site = installed.site('tested-by-jest');
    const blocks = [...blocksOf('how-to/testing.md', 'js'), ...blocksOf('how-to/testing.md', 'ts')];
    writeBlocks(
      site,
      blocks.filter((block) => /^\/\/ (?:jest\.config|test\/policy\.jest)/.test(block)),
    );
    await installed.add('jest@30.5.2', '@babel/preset-typescript@7.29.7');
  });

  it('passes, and fails when somebody removes `scope`', async () => {
    mkdirSync(path.join(site, 'src'));
    const run = (policy: string) => {
      writeFileSync(path.join(site, 'src/policy.ts'), policy);
      return installed.npx(site, 'jest');
    };
    const passed = await run(EXAMPLE_POLICY);
    expect(passed.stderr).toContain('Tests:       2 passed, 2 total');
    expect(passed.status).toBe(0);
    const failed = await run(withoutScope(EXAMPLE_POLICY));
    expect(failed.stderr).toContain('Fix: the route has no scope');
    expect(failed.status).toBe(1);
  });
});

describe('the service in docs/get-started/existing-service.md', () => {
  const PAGE = 'get-started/existing-service.md';
  let site: string;
  let edge: RunningEdge;
  beforeAll(async () => {
    site = installed.site('existing');
    const blocks = [...blocksOf(PAGE, 'js'), ...blocksOf(PAGE, 'ts')];
    writeBlocks(
      site,
      blocks.filter((block) => /^\/\/ (?:src|webpack)/.test(block)),
    );
    writeFileSync(path.join(site, 'fastly.toml'), 'manifest_version = 3\nname = "existing"\n');
  });
  afterAll(async () => edge?.stop());

  it('has nothing that check would warn of, after the commands of the page', async () => {
    const [commands = ''] = shellBlocks()
      .filter(({ document }) => document === `docs/${PAGE}`)
      .flatMap(({ commands }) => (commands.includes('--fix') ? commands : []));
    const { appSecret } = await siteKeys();
    execFileSync('bash', ['-euc', commands], { cwd: site, env: { ...process.env, JWT_SECRET: appSecret } });
    expect(readFileSync(path.join(site, '.claimcache/token_key'), 'utf8')).toBe(appSecret);
    const { status, stdout } = await installed.claimcache(site, 'check', '--strict', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ errors: 0, warnings: 0 });
    expect(status).toBe(0);
  });

  it('caches the route of the policy, and answers the rest itself', async () => {
    // The local stores of the tests have their secret under another name.
    const policy = path.join(site, 'src/policy.ts');
    writeFileSync(policy, readFileSync(policy, 'utf8').replace("'token_key'", "'app_hs256'"));
    edge = await startEdge({ originUrl: origin.url, wasm: await installed.build(site) });
    const headers = { authorization: `Bearer ${await tokenOf('42')}` };
    expect(await send(edge.url, '/api/me', { headers })).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await send(edge.url, '/api/me', { headers })).toMatchObject({ status: 200, cache: 'HIT' });
    expect(await send(edge.url, '/api/me')).toMatchObject({ status: 401 });
    expect(await send(edge.url, '/hello')).toMatchObject({ text: 'Your own code answers /hello\n' });
  });
});

describe.each(['beside', 'hono'])('a service with routes of its own: %s', (name) => {
  let edge: RunningEdge;
  beforeAll(async () => {
    const wasm = await installed.build(installed.service(name));
    edge = await startEdge({ originUrl: origin.url, wasm });
  });
  afterAll(async () => edge?.stop());

  it('gives claimcache what the policy speaks of, and answers the rest itself', async () => {
    const first = await account(edge, '42');
    expect(first).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await account(edge, '42')).toMatchObject({ cache: 'HIT', text: first.text });
    expect((await send(edge.url, '/own')).text).toMatch(/^an answer of its own/);
  });

  it('gives it what an origin might take for a protected path, too', async () => {
    for (const path of ['/ACCOUNT', '/account/', '/%61ccount', '//account', '/account/settings']) {
      expect(await send(edge.url, path), path).toMatchObject({ status: 401 });
    }
    expect(await send(edge.url, '/x/../account')).toMatchObject({ status: 400 });
  });
});
