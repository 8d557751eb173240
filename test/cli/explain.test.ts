import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalKeys } from '../../scripts/local-keys.ts';
import type { Explanation } from '../../src/explain/explanation.ts';
import { siteKeys } from '../site/keys.ts';
import { type OperatorService, startOperatorService } from './support/operator-service.ts';
import { type CliRunOptions, runCli } from './support/run-cli.ts';

type Told = Explanation & { ok: boolean; warnings: string[] };

let folder: string;
let keys: LocalKeys;
let token: string;
const file = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-explain-'));
  keys = await siteKeys();
  token = (await runCli(['token', 'alice'])).stdout.trim();
  writeFileSync(file('token.txt'), `Bearer ${token}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function explain(args: readonly string[], options: CliRunOptions = {}): Promise<Told> {
  const run = await runCli(['explain', ...args, '--json'], options);
  expect(run.status, run.stdout + run.stderr).toBe(0);
  return run.json<Told>();
}

describe('claimcache explain', () => {
  it('verifies with the keys of the local stores, wherever the token comes from', async () => {
    const scoped = { lane: 'scoped', reason: 'scope-verified', route: 'orders' };
    expect(await explain(['GET', '/api/orders', '--token', token])).toMatchObject(scoped);
    expect(await explain(['/api/orders', '--token-file', file('token.txt')])).toMatchObject(scoped);
    expect(await explain(['GET', '/api/orders', '--token', '-'], { input: `${token}\n` })).toMatchObject(
      scoped,
    );
    expect(await explain(['GET', '/api/orders', '--cookie', `session=${token}`])).toMatchObject(scoped);
    expect(await explain(['GET', '/api/orders', '--header', `Authorization: Bearer ${token}`])).toMatchObject(
      scoped,
    );
    const partner = (await runCli(['token', 'bob', '--provider', 'partner'])).stdout.trim();
    const told = await explain(['GET', '/api/orders', '--token', partner]);
    expect(told.credential?.verified).toMatchObject({ provider: 'partner', algorithm: 'RS256' });
  });

  it('knows the host, the set of roles and the variant', async () => {
    writeFileSync(
      file('hosts-policy.ts'),
      `export default ${JSON.stringify({
        origins: { app: { backend: 'origin' } },
        providers: {
          app: {
            algorithms: ['HS256'],
            keys: { secretStore: 'claimcache_secrets', item: 'app_hs256', format: 'raw' },
          },
        },
        scopes: { staff: { claims: 'tenant.id', parts: [{ set: 'roles', only: ['member'] }], shared: true } },
        routes: {
          staff: { path: '/staff', hosts: ['shop.test'], scope: 'staff' },
          pages: {
            path: '/pages',
            variants: {
              languages: ['en', 'de'],
              countries: ['DE'],
              devices: true,
              cookies: { ab: ['a', 'b'] },
            },
          },
        },
      })};`,
    );
    const policy = ['--policy', file('hosts-policy.ts'), '--header', 'Host: shop.test'];
    const staff = await explain(['/staff', ...policy, '--token', token, '--show-values']);
    expect(staff).toMatchObject({
      host: 'shop.test',
      route: 'staff',
      lane: 'reject',
      code: 'ERR_SCOPE_CLAIM',
    });
    const elsewhere = await explain([
      '/staff',
      '--policy',
      file('hosts-policy.ts'),
      '--header',
      'host: b.test',
      '--token',
      token,
    ]);
    expect(elsewhere).toMatchObject({ route: 'default', code: 'ERR_SCOPE_CLAIM' });
    expect(elsewhere.routes[0]).toMatchObject({ verdict: 'no-match', why: 'of other hosts: shop.test' });
    const pages = await explain([
      '/pages',
      ...policy,
      '--country',
      'DE',
      '--device',
      'tablet',
      '--header',
      'accept-language: fr, de',
      '--cookie',
      'ab=b',
    ]);
    expect(pages.steps.map(({ text }) => text)).toContain(
      'the variant language:de, country:DE, device:tablet, cookie:ab=b',
    );
  });

  it('masks what is somebody’s, and shows it when asked; the token is in neither', async () => {
    const masked = await runCli(['explain', 'GET', '/api/orders', '--token', token]);
    expect(masked.stdout).toContain('user:(masked)');
    expect(masked.stdout).toContain('--show-values shows what is masked');
    expect(masked.stdout).not.toMatch(/user:42|acme/);
    const open = await runCli(['explain', 'GET', '/api/orders', '--token', token, '--show-values']);
    expect(open.stdout).toContain('user:42');
    expect(open.stdout).toContain('acme');
    for (const { stdout, stderr } of [masked, open]) {
      for (const secret of [token, keys.appSecret, keys.fingerprintKey])
        expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('does the arithmetic of a response, and tells it in words', async () => {
    const args = ['GET', '/api/orders', '--token', token];
    const header = [
      '--response-header',
      'Cache-Control: private, max-age=900',
      '--response-header',
      'Age: 100',
    ];
    const told = await explain([...args, ...header]);
    expect(told.response).toMatchObject({ stored: true, ttlSeconds: 600, staleIfErrorSeconds: 600 });
    const { stdout } = await runCli(['explain', ...args, ...header]);
    expect(stdout).toContain(
      'max-age=900 of cache-control, less an age of 100, at most 600 (ttl.max): 600 s',
    );
    const error = await explain([...args, '--status', '503']);
    expect(error.response).toMatchObject({ stored: false, reason: 'no-freshness', status: 503 });
  });

  it('an explanation of a refusal is no failure, and says why', async () => {
    const run = await runCli(['explain', 'GET', '/api/orders', '--token', `${token.slice(0, -4)}AAAA`]);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('reject: ERR_TOKEN_SIGNATURE, route orders, answered 401');
    const expired = (await runCli(['token', '--expires-in', '-60'])).stdout.trim();
    expect(await explain(['GET', '/api/orders', '--token', expired])).toMatchObject({
      code: 'ERR_TOKEN_EXPIRED',
    });
    expect(
      await explain(['GET', '/api/orders', '--token', expired, '--at', '2000-01-01T00:00:00Z']),
    ).toMatchObject({ lane: 'scoped' });
  });

  it('keys can be given instead: a JWKS, a secret, and for a key server too', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const jwk: JWK = { ...(await exportJWK(pair.publicKey)), kid: 'es-1', alg: 'ES256' };
    writeFileSync(file('jwks.json'), JSON.stringify({ keys: [jwk] }));
    writeFileSync(file('secret.txt'), `${'s'.repeat(32)}\n`);
    writeFileSync(
      file('policy.ts'),
      `export default {
        origins: { app: { backend: 'origin' } },
        providers: {
          remote: { algorithms: ['ES256'], keys: { jwksUrl: 'https://keys.test/jwks', backend: 'keys' }, issuer: 'r' },
          found: { algorithms: ['ES256'], keys: { discovery: 'https://id.test', backend: 'id' }, issuer: 'https://id.test' },
          hmac: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'nowhere', format: 'raw' }, issuer: 'h' },
        },
        scopes: { user: { claims: 'sub', providers: ['remote', 'found', 'hmac'] } },
        routes: { orders: { path: '/api/orders', scope: 'user' } },
      };`,
    );
    const policy = ['--policy', file('policy.ts')];
    const signed = (issuer: string) =>
      new SignJWT({ sub: '42' })
        .setProtectedHeader({ alg: 'ES256', kid: 'es-1' })
        .setIssuer(issuer)
        .setExpirationTime('5m')
        .sign(pair.privateKey);
    const ask = async (issuer: string, ...args: string[]) =>
      explain(['GET', '/api/orders', '--token', await signed(issuer), ...policy, ...args]);
    for (const [provider, issuer] of [
      ['remote', 'r'],
      ['found', 'https://id.test'],
    ] as const) {
      const without = await ask(issuer);
      expect(without.code).toBe('ERR_KEYS_UNAVAILABLE');
      expect(without.warnings.join()).toContain(`--jwks ${provider}=FILE`);
      const text = await runCli([
        'explain',
        'GET',
        '/api/orders',
        '--token',
        await signed(issuer),
        ...policy,
      ]);
      expect(text.stdout).toContain(`not known here: the keys of the provider ${provider} are at https://`);
      expect(text.stdout).toContain('here: ERR_KEYS_UNAVAILABLE');
      expect(text.stdout).not.toContain('reject');
      expect(text.stderr).not.toContain('--jwks');
      const told = await ask(issuer, '--jwks', `${provider}=${file('jwks.json')}`);
      expect(told.credential?.verified).toMatchObject({ provider, keyId: 'es-1' });
    }
    const hmac = await new SignJWT({ sub: '42' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('h')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode('s'.repeat(32)));
    const asHmac = ['GET', '/api/orders', '--token', hmac, ...policy, '--secret-file'];
    expect(await explain([...asHmac, file('secret.txt')])).toMatchObject({ lane: 'scoped' });
    const wrong = await runCli(['explain', ...asHmac, `hmca=${file('secret.txt')}`]);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('Did you mean "hmac"?');
    const which = await runCli(['explain', 'GET', '/', ...policy, '--jwks', file('jwks.json')]);
    expect(which).toMatchObject({ status: 2, stderr: expect.stringContaining('remote, found') });
  });

  it('switches come from the local Config Store, and items from wherever the manifest says', async () => {
    const manifest = (contents: string) => {
      writeFileSync(file('fastly.toml'), contents);
      return ['--manifest', file('fastly.toml')];
    };
    const stores = (config: string) =>
      manifest(`
        [local_server.secret_stores]
        claimcache_secrets = [{ key = "app_hs256", env = "APP_SECRET" }, { key = "fingerprint_key", data = "f" }]
        [local_server.config_stores.claimcache_config]
        format = "inline-toml"
        [local_server.config_stores.claimcache_config.contents]
        ${config}`);
    const env = { APP_SECRET: keys.appSecret };
    const args = ['GET', '/api/orders', '--token', token];
    expect(await explain([...args, ...stores('cache = "pass"')], { env })).toMatchObject({
      lane: 'pass',
      reason: 'switch-pass',
    });
    expect(await explain([...args, ...stores('"route.orders" = "observe"')], { env })).toMatchObject({
      reason: 'switch-observe',
    });
    const none = await explain([...args, ...manifest('name = "x"')]);
    expect(none.code).toBe('ERR_KEYS_UNAVAILABLE');
    expect(none.warnings).toHaveLength(2);
  });

  it('what a token or a path holds cannot steer the terminal', async () => {
    const evil = (await runCli(['token', '--claim', 'note:="\\u001b[2Jboo\\u202e"'])).stdout.trim();
    const run = await runCli(['explain', 'GET', '/api/orders', '--token', evil, '--show-values']);
    expect(run.stdout).toContain('boo');
    for (const control of ['\u001b', '\u202e']) expect(run.stdout).not.toContain(control);
  });

  it('colours are for a terminal', async () => {
    const args = ['explain', 'GET', '/api/orders', '--token', token];
    expect((await runCli(args)).stdout).not.toContain('\u001b[');
    expect((await runCli(args, { colors: pc.createColors(true) })).stdout).toContain('\u001b[32mscoped');
  });

  it.each<[string, string[], string]>([
    ['no target', ['GET', 'api/orders'], 'neither a path nor a URL'],
    ['a header without a name', ['GET', '/', '--header', 'authorization'], '--header'],
    ['a cookie without a value', ['GET', '/', '--cookie', 'session'], '--cookie'],
    ['two tokens', ['GET', '/', '--token', 'a', '--token-file', 'b'], 'Two tokens'],
    ['a file that is not there', ['GET', '/', '--token-file', 'nowhere.txt'], 'nowhere.txt'],
    ['an empty token', ['GET', '/', '--token', '-'], 'empty'],
    ['no status', ['GET', '/', '--status', '99'], '100 to 599'],
    ['no moment', ['GET', '/', '--at', 'soon'], 'soon'],
    ['a clock for a service', ['GET', '/', '--local', '--at', '2026-01-01'], '--at has no meaning'],
  ])('%s ends with status 2', async (_what, args, text) => {
    const run = await runCli(['explain', ...args]);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(text);
  });
});

describe('claimcache explain --local', () => {
  const OPERATOR = 'operator-of-the-test-with-32-bytes';
  let service: OperatorService;
  beforeAll(async () => {
    service = await startOperatorService(OPERATOR);
  });
  afterAll(() => service.stop());
  const env = { CLAIMCACHE_OPERATOR_TOKEN: OPERATOR };

  it('asks the service itself, by its own host, and shows what it says', async () => {
    const told = await explain(
      ['GET', '/pages/welcome', '--local', service.url, '--response-header', 'cache-control: max-age=60'],
      { env },
    );
    expect(told).toMatchObject({
      lane: 'public',
      route: 'pages',
      engine: 'core',
      host: new URL(service.url).host,
      response: { stored: true, ttlSeconds: 60 },
    });
    const text = await runCli(['explain', 'PUT', '/login', '--local', service.url], { env });
    expect(text.stdout).toContain('pass: unsafe-method');
  });

  it('the token goes where the policy looks for it, and the operator’s is never shown', async () => {
    const run = await runCli(
      ['explain', 'GET', '/api/orders', '--token', token, '--local', service.url, '--json'],
      { env },
    );
    // The service of the test has one secret for everything, which did not sign this token.
    expect(run.json<Told>()).toMatchObject({
      code: 'ERR_TOKEN_SIGNATURE',
      credential: { asked: [{ provider: 'app' }] },
    });
    expect(run.stdout + run.stderr).not.toContain(OPERATOR);
  });

  it('a wrong operator token ends with status 4, nobody there with 5', async () => {
    const wrong = { env: { CLAIMCACHE_OPERATOR_TOKEN: 'wrong-and-long-enough' } };
    expect((await runCli(['explain', 'GET', '/', '--local', service.url], wrong)).status).toBe(4);
    const nobody = await runCli(['explain', 'GET', '/', '--local', 'http://127.0.0.1:9'], { env });
    expect(nobody.status).toBe(5);
  });
});
