import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../cli/check/finding.ts';
import { fixedManifest } from '../../../cli/manifest/fix-manifest.ts';
import { root } from '../../../scripts/root.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { runCli } from '../support/run-cli.ts';

/** Of every kind of thing that a policy may name. */
const POLICY: PolicyInput = {
  origins: {
    app: { backend: 'origin', lock: { header: 'x-origin-secret', item: 'origin_secret' } },
    shop: { backend: 'shop', hosts: ['shop.test'], shield: { backend: 'shield' } },
  },
  cms: { cookies: ['cms_session'] },
  providers: {
    own: {
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'own_hs256', format: 'raw' },
      issuer: 'https://own.example',
      audience: 'site',
    },
    partner: {
      algorithms: ['ES256'],
      keys: { configStore: 'claimcache_config', item: 'partner_jwks' },
      issuer: 'https://partner.example',
      audience: 'site',
    },
    idp: {
      algorithms: ['RS256'],
      keys: { jwksUrl: 'https://tenant.idp.example/.well-known/jwks.json', backend: 'idp' },
      issuer: 'https://tenant.idp.example/',
      audience: 'site',
    },
  },
  scopes: { user: { claims: 'sub', providers: ['own', 'partner', 'idp'] } },
  revocation: { store: 'revoked', scopes: ['user'], maxTokenSeconds: 3600 },
  routes: { orders: { path: '/api/orders', scope: 'user', revocation: true } },
};

/** The shape that one test looks into. */
declare const SETUP: { setup: { secret_stores: { claimcache_secrets: { entries: object } } } };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-fix-'));
  mkdirSync(path.join(folder, 'src'));
  write('src/policy.ts', `export default ${JSON.stringify(POLICY)};`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');

interface Checked {
  readonly findings: readonly Finding[];
  readonly fixed: { added: string[]; made: string[]; left: string[] };
}

async function fix(...args: string[]): Promise<Checked> {
  const run = await runCli(['check', '--fix', '--json', '--ignore', 'PATH_WITHOUT_RULE', ...args], {
    cwd: folder,
  });
  return run.json<Checked>();
}

describe('claimcache check --fix', () => {
  it('of a policy and nothing else makes a manifest and local secrets in which nothing is missing', async () => {
    const { findings, fixed } = await fix();
    expect(findings).toEqual([]);
    expect(fixed.left).toEqual([]);
    expect(fixed.added).toContain('local_server.secret_stores.claimcache_secrets.own_hs256');
    const manifest = parse(read('fastly.toml')) as never as Record<
      string,
      Record<string, Record<string, unknown>>
    >;
    expect(manifest.local_server?.backends).toEqual({
      origin: { url: 'http://127.0.0.1:3000' },
      shop: { url: 'http://127.0.0.1:3000' },
      idp: { url: 'https://tenant.idp.example' },
      shield: { url: 'http://127.0.0.1:7676' },
    });
    expect(manifest.setup?.backends?.idp).toMatchObject({ address: 'tenant.idp.example', port: 443 });
    expect(
      Object.keys((manifest as never as typeof SETUP).setup.secret_stores.claimcache_secrets.entries),
    ).toEqual(['own_hs256', 'origin_secret', 'shield_key', 'operator_token', 'fingerprint_key']);
  });

  it('makes secrets that only their owner can read, in a folder that git ignores', async () => {
    await fix();
    expect(read('.claimcache/operator_token')).toMatch(/^[\w-]{43}$/);
    expect(read('.claimcache/operator_token')).not.toBe(read('.claimcache/own_hs256'));
    if (process.platform !== 'win32')
      expect(statSync(path.join(folder, '.claimcache/own_hs256')).mode & 0o777).toBe(0o600);
    spawnSync('git', ['init', '-q'], { cwd: folder });
    const status = spawnSync('git', ['status', '--short', '-uall'], { cwd: folder, encoding: 'utf8' }).stdout;
    expect(status).toBe('?? fastly.toml\n?? src/policy.ts\n');
  });

  it('makes keys with which `claimcache token` signs what the local server verifies', async () => {
    await fix();
    const jwks = JSON.parse(JSON.parse(read('.claimcache/claimcache_config.json')).partner_jwks);
    expect(jwks.keys).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256' })]);
    expect(jwks.keys[0].d).toBeUndefined();
    for (const provider of ['own', 'partner']) {
      const token = (await runCli(['token', 'alice', '--provider', provider], { cwd: folder })).stdout.trim();
      const explained = await runCli(['explain', 'GET', '/api/orders', '--token', '-', '--json'], {
        cwd: folder,
        input: token,
      });
      expect(explained.json()).toMatchObject({ lane: 'scoped', reason: 'scope-verified' });
    }
    expect((await runCli(['token', 'alice', '--provider', 'idp'], { cwd: folder })).status).toBe(0);
  });

  it('a second time changes nothing at all', async () => {
    await fix();
    const before = [
      read('fastly.toml'),
      read('.claimcache/claimcache_config.json'),
      read('.claimcache/own_hs256'),
    ];
    expect((await fix()).fixed).toEqual({ added: [], made: [], left: [], notes: [] });
    expect([
      read('fastly.toml'),
      read('.claimcache/claimcache_config.json'),
      read('.claimcache/own_hs256'),
    ]).toEqual(before);
  });

  it("believes what is there: the user's backends, files and comments stay", async () => {
    const own = `# mine
manifest_version = 3
name = "site"
[local_server]
  [local_server.backends.origin]
  url = "https://staging.example.com" # not production
  [local_server.secret_stores]
  claimcache_secrets = [
    { key = "operator_token", data = "my token" }, # short
  ]
  [local_server.config_stores.claimcache_config]
  format = "inline-toml"
  [local_server.config_stores.claimcache_config.contents]
  partner_jwks = '{"keys":[]}' # none yet
# the end
`;
    write('fastly.toml', own);
    await fix();
    const fixed = read('fastly.toml');
    const kept = own.split('\n');
    expect(fixed.split('\n').filter((line) => kept.includes(line) && line !== '')).toEqual(
      kept.filter((line) => line !== ''),
    );
    expect(fixed).toContain('url = "https://staging.example.com" # not production');
    expect(fixed).toContain('{ key = "own_hs256", file = ".claimcache/own_hs256" },');
    expect(existsSync(path.join(folder, '.claimcache/operator_token'))).toBe(false);
  });

  it('adds items to stores that are JSON files, and keeps theirs', async () => {
    write('secrets.json', '{"own_hs256":"kept"}');
    write('config.json', '{"cache_engine":"core"}');
    write(
      'fastly.toml',
      `[local_server.secret_stores.claimcache_secrets]
file = "secrets.json"
format = "json"
[local_server.config_stores.claimcache_config]
file = "config.json"
format = "json"
`,
    );
    expect((await fix()).findings.map(({ code }) => code)).toEqual(['KEY_UNUSABLE']);
    expect(JSON.parse(read('secrets.json'))).toMatchObject({
      own_hs256: 'kept',
      operator_token: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(JSON.parse(read('config.json'))).toMatchObject({
      cache_engine: 'core',
      partner_jwks: expect.any(String),
    });
  });

  it('asks nothing of [setup] where the service is there', async () => {
    write('fastly.toml', 'service_id = "abc"\n');
    const { fixed } = await fix();
    expect(fixed.added.filter((name) => name.startsWith('setup'))).toEqual([]);
    expect(fixed.added).toContain('local_server.backends.origin');
  });

  it('says what it cannot add, and leaves a file alone that is no TOML or a policy that does not compile', async () => {
    write('fastly.toml', 'setup = "later"\n');
    const { fixed } = await fix();
    expect(fixed.left[0]).toMatch(/^setup\.backends\.origin = \{ description = /);
    write('fastly.toml', 'not toml');
    const run = await runCli(['check', '--fix'], { cwd: folder });
    expect([run.status, read('fastly.toml')]).toEqual([3, 'not toml']);
    write('fastly.toml', '');
    write('src/broken.ts', "export default { origins: {}, routes: { a: { path: '/a', scope: 'none' } } };");
    expect((await runCli(['check', '--fix', '--policy', 'src/broken.ts'], { cwd: folder })).status).toBe(1);
    expect(read('fastly.toml')).toBe('');
  });
});

it('has nothing to add to the manifest of this project', async () => {
  const policy = compilePolicy((await import('../../site/src/policy.ts')).default);
  const text = readFileSync(path.join(root, 'fastly.toml'), 'utf8');
  expect(fixedManifest(text, policy, null)).toEqual({ text, added: [], left: [] });
});

it('a manifest that lost any of its tables gets them back, and loses nothing', async () => {
  const policy = compilePolicy(POLICY);
  const whole = fixedManifest('# mine\nname = "site"\n', policy, null).text;
  const blocks = whole.split('\n\n');
  fc.assert(
    fc.property(fc.subarray(blocks), (some) => {
      const text = `${some.join('\n\n')}\n`;
      const fixed = fixedManifest(text, policy, null);
      expect(fixed.left).toEqual([]);
      expect(fixedManifest(fixed.text, policy, null).added).toEqual([]);
      let from = 0;
      for (const line of text.split('\n')) {
        from = fixed.text.indexOf(line, from);
        expect(from).toBeGreaterThanOrEqual(0);
        from += line.length;
      }
    }),
    { numRuns: 60 },
  );
});
