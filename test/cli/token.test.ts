import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/explain/explanation.ts';
import { siteKeys } from '../site/keys.ts';
import { createTokens } from '../site/tokens.ts';
import { runCli } from './support/run-cli.ts';

const minted = async (...args: string[]) => (await runCli(['token', ...args])).stdout.trim();

describe('claimcache token', () => {
  it('prints a token that the test site’s origin accepts, and nothing else', async () => {
    const tokens = createTokens(await siteKeys());
    for (const [args, sub, alg] of [
      [[], '42', 'HS256'],
      [['bob'], '43', 'HS256'],
      [['carol', '--provider', 'partner'], '77', 'RS256'],
    ] as const) {
      const token = await minted(...args);
      expect(await tokens.verify(token)).toMatchObject({ sub });
      expect(decodeProtectedHeader(token).alg).toBe(alg);
    }
  });

  it('signs with each byte of a shared secret, as the service verifies', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-token-'));
    try {
      const secret = `${'s'.repeat(32)}\n`;
      writeFileSync(path.join(folder, 'key'), secret);
      writeFileSync(
        path.join(folder, 'fastly.toml'),
        '[local_server.secret_stores]\nsecrets = [{ key = "app", file = "key" }]\n',
      );
      const app = {
        algorithms: ['HS256'],
        keys: { secretStore: 'secrets', item: 'app', format: 'raw' },
      };
      mkdirSync(path.join(folder, 'src'));
      writeFileSync(
        path.join(folder, 'src/policy.ts'),
        `export default ${JSON.stringify({
          origins: { app: { backend: 'origin' } },
          providers: { app },
          scopes: { user: { claims: 'sub' } },
          routes: { me: { path: '/me', scope: 'user' } },
          stores: { secrets: 'secrets' },
        })};`,
      );
      const token = (await runCli(['token', 'alice'], { cwd: folder })).stdout.trim();
      await expect(jwtVerify(token, new TextEncoder().encode(secret))).resolves.toBeDefined();
      const told = await runCli(['explain', '/me', '--json', '--token', token], { cwd: folder });
      expect(told.json<Explanation>().credential).toMatchObject({ outcome: 'verified' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('two of one person differ, as after a refresh', async () => {
    expect(await minted('alice')).not.toBe(await minted('alice'));
  });

  it('lives as long as it is told, or has expired', async () => {
    const life = async (...args: string[]) => {
      const { exp = 0, iat = 0 } = decodeJwt(await minted(...args));
      return exp - iat;
    };
    expect(await life()).toBe(900);
    expect(await life('--expires-in', '2h')).toBe(7200);
    expect(await life('--expires-in', '-60')).toBe(-60);
    expect((await runCli(['token', '--expires-in', 'soon'])).status).toBe(2);
  });

  it('takes further claims as text or as JSON', async () => {
    const token = await minted(
      '--claim',
      'sub=4711',
      '--claim',
      'n:=7',
      '--claim',
      'tenant:={"id":"globex"}',
    );
    expect(decodeJwt(token)).toMatchObject({ sub: '4711', n: 7, tenant: { id: 'globex' }, role: 'member' });
    for (const wrong of ['role', '=x', 'n:={']) {
      expect((await runCli(['token', '--claim', wrong])).status).toBe(2);
    }
  });

  it('as JSON it comes with its claims', async () => {
    const run = await runCli(['token', 'alice', '--json']);
    expect(run.json()).toMatchObject({
      ok: true,
      provider: 'app',
      claims: { sub: '42', aud: 'claimcache-demo' },
    });
  });

  it('nobody else is known', async () => {
    const run = await runCli(['token', 'mallory']);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('alice, bob, carol');
  });
});

describe('in a project of somebody else', () => {
  let outer: string;
  let project: string;
  const policyOf = (issuer: string) => `export default { origins: { app: { backend: 'origin' } },
    providers: {
      raw: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'raw', format: 'raw' }, issuer: '${issuer}' },
      stored: { algorithms: ['ES256'], keys: { secretStore: 's', item: 'stored' }, issuer: 'stored' },
      config: { algorithms: ['ES256'], keys: { configStore: 'c', item: 'config' }, issuer: 'config' },
      remote: { algorithms: ['ES256'], keys: { jwksUrl: 'https://id.test/jwks', backend: 'id' }, issuer: 'remote' },
    },
    scopes: { user: { claims: 'sub', providers: ['raw', 'stored', 'config', 'remote'] } },
    routes: { a: { path: '/a', scope: 'user' } } };`;
  const inProject = (argv: readonly string[], cwd = project) => runCli(argv, { cwd });

  beforeAll(() => {
    outer = mkdtempSync(path.join(tmpdir(), 'claimcache-token-'));
    project = path.join(outer, 'sites/mine');
    for (const [folder, issuer] of [
      [outer, 'outer'],
      [project, 'mine'],
    ] as const) {
      mkdirSync(path.join(folder, 'src'), { recursive: true });
      writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
      writeFileSync(path.join(folder, 'src/policy.ts'), policyOf(issuer));
    }
    writeFileSync(path.join(outer, 'fastly.toml'), 'name = "outer"\n');
  });
  afterAll(() => rmSync(outer, { recursive: true, force: true }));

  it('without keys it says so, and what to do; it takes none of a folder above', async () => {
    await inProject(['check', '--fix'], outer);
    expect(existsSync(path.join(outer, '.claimcache/raw'))).toBe(true);
    for (const [provider, missing] of [
      ['raw', 'the local store s has no raw'],
      ['remote', '.claimcache/remote_private.jwk.json is not there'],
    ] as const) {
      const run = await inProject(['token', 'alice', '--provider', provider]);
      expect([run.status, run.stdout]).toEqual([3, '']);
      expect(run.stderr).toContain(missing);
      expect(run.stderr).toContain('`claimcache check --fix`');
    }
  });

  it('mints what the service on that machine accepts, by each provider of its policy', async () => {
    await inProject(['check', '--fix']);
    for (const [provider, issuer] of [
      ['raw', 'mine'],
      ['stored', 'stored'],
      ['config', 'config'],
      ['remote', 'remote'],
    ] as const) {
      const run = await inProject(['token', 'alice', '--provider', provider]);
      expect(run).toMatchObject({ status: 0, stderr: '' });
      expect(decodeJwt(run.stdout.trim())).toMatchObject({ iss: issuer, sub: 'alice' });
      const told = await inProject(['explain', '/a', '--json', '--token', run.stdout.trim()]);
      expect(told.json<Explanation>().credential?.verified?.provider).toBe(provider);
    }
  });

  it('says where it looked, from a folder below', async () => {
    const run = await inProject(['token', 'alice'], path.join(project, 'src'));
    expect(run).toMatchObject({ status: 0, stderr: 'note: for the service in ..\n' });
  });

  it('warns where the local store has the provider’s own keys, and not this one', async () => {
    const key = path.join(project, '.claimcache/config_private.jwk.json');
    const other = await inProject([
      'token',
      'alice',
      '--provider',
      'config',
      '--key',
      key.replace('config_', 'stored_'),
    ]);
    expect(other).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('the service on this machine refuses'),
    });
    rmSync(key);
    const none = await inProject(['token', 'alice', '--provider', 'config']);
    expect([none.status, none.stderr]).toEqual([
      3,
      expect.stringContaining('take the item config out of it'),
    ]);
  });

  it('where there is no service at all it says that', async () => {
    const empty = mkdtempSync(path.join(tmpdir(), 'claimcache-empty-'));
    const run = await inProject(['token', 'alice'], empty);
    rmSync(empty, { recursive: true });
    expect([run.status, run.stderr]).toEqual([3, expect.stringContaining('There is no service here')]);
    expect(run.stderr).not.toContain('Cannot find module');
  });
});
