import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../cli/check/finding.ts';
import type { RouteRow } from '../../cli/check/route-table.ts';
import { root } from '../../scripts/root.ts';
import { authjs } from '../../src/identity/presets/authjs.ts';
import type { PolicyInput } from '../../src/policy/policy.ts';
import { WARNING_PAGES } from '../../src/policy/warnings.ts';
import { siteKeys } from '../site/keys.ts';
import { runCli } from './support/run-cli.ts';

interface Checked {
  readonly ok: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
  readonly routes: readonly RouteRow[];
}

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-check-'));
  await siteKeys();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const POLICY: PolicyInput = {
  origins: { app: { backend: 'origin' } },
  providers: {
    app: { algorithms: ['HS256'], keys: { secretStore: 'secrets', item: 'app', format: 'raw' } },
  },
  scopes: { user: { claims: 'sub', providers: ['app'] } },
  routes: { orders: { path: '/api/orders', scope: 'user' } },
  stores: { config: 'config', secrets: 'secrets' },
  logEndpoint: 'log',
};
const LOCAL = `
[local_server.backends.origin]
url = "http://127.0.0.1:8091"
[local_server.secret_stores]
secrets = [
  { key = "app", data = "${'s'.repeat(32)}" }, { key = "operator_token", data = "${'t'.repeat(16)}" }, { key = "fingerprint_key", data = "f" },
]
[local_server.config_stores.config]
format = "inline-toml"
[local_server.config_stores.config.contents]
`;
const SETUP = `
[setup.backends.origin]
[setup.secret_stores.secrets.entries.app]
[setup.secret_stores.secrets.entries.operator_token]
[setup.secret_stores.secrets.entries.fingerprint_key]
[setup.config_stores.config]
[setup.log_endpoints.log]
`;

/** Checks a policy and a manifest of its own; paths that are usually sensitive are another test's. */
async function check(
  changes: Partial<PolicyInput> = {},
  manifest = LOCAL + SETUP,
  ...args: string[]
): Promise<Checked & { status: number }> {
  count += 1;
  const policyFile = path.join(folder, `policy-${count}.ts`);
  const manifestFile = path.join(folder, `fastly-${count}.toml`);
  writeFileSync(policyFile, `export default ${JSON.stringify({ ...POLICY, ...changes })};`);
  writeFileSync(manifestFile, manifest);
  const argv = [
    'check',
    '--policy',
    policyFile,
    '--manifest',
    manifestFile,
    '--ignore',
    'PATH_WITHOUT_RULE',
    '--json',
  ];
  const run = await runCli([...argv, ...args]);
  return { ...run.json<Checked>(), status: run.status };
}
const codes = ({ findings }: Checked) =>
  findings.map(({ level, code, where }) => `${level} ${code} ${where}`);

describe('claimcache check', () => {
  it('has no error to tell of a service whose policy and manifest fit', async () => {
    const run = await runCli(['check', '--strict', '--ignore', 'PATH_WITHOUT_RULE', '--json']);
    expect(run.json<Checked>().findings).toEqual([]);
    expect(run.status).toBe(0);
  });

  it('a policy and a manifest that fit have no finding', async () => {
    expect(await check()).toMatchObject({ status: 0, ok: true, findings: [] });
  });

  it('prints the effective table of routes, with what the CMS and the fallback take', async () => {
    const { routes } = await check({
      cms: { paths: ['/preview/**'] },
      routes: {
        orders: {
          path: '/api/orders',
          scope: 'user',
          ttlSeconds: { min: 5, max: 60 },
          staleIfErrorSeconds: 9,
        },
        card: { path: '/api/card', scope: 'user', cache: false, onMissing: 'pass' },
      },
    });
    expect(routes).toMatchObject([
      {
        name: 'orders',
        lane: 'scoped',
        scope: 'user',
        ttl: "the origin's, at least 5, at most 60",
        stale: '9 if error',
      },
      {
        name: 'card',
        lane: 'scoped, never stored',
        ttl: 'never',
        otherwise: 'missing: pass, invalid: reject',
      },
      { name: '(cms)', path: '/preview/**', lane: 'pass' },
      { name: 'default', path: '/**', lane: 'public' },
    ]);
    const run = await runCli(['check']);
    expect(run.stdout).toMatch(/^orders {11}\/api\/orders .* user .*at most 600.*missing: reject/m);
  });

  it('a policy that does not compile is told problem by problem, with status 1', async () => {
    const told = await check({ routes: { orders: { path: '/api/orders', scope: 'nobody' } } });
    expect(codes(told)).toEqual(['error POLICY_UNKNOWN_REFERENCE routes.orders.scope']);
    expect(told).toMatchObject({ status: 1, ok: false, routes: [] });
    const missing = await runCli(['check', '--policy', 'nowhere.ts']);
    expect(missing.status).toBe(3);
  });
});

describe('fastly.toml', () => {
  it('what is nowhere is an error, what one half lacks a warning', async () => {
    const origins = { app: { backend: 'origin' }, shop: { backend: 'shop', hosts: ['shop.test'] } };
    const nowhere = await check({ origins });
    expect(codes(nowhere)).toEqual(['error MANIFEST_BACKEND origins.shop']);
    expect(nowhere.status).toBe(1);
    const half = await check({ origins }, `${LOCAL}${SETUP}[setup.backends.shop]\n`);
    expect(codes(half)).toEqual(['warning MANIFEST_BACKEND origins.shop']);
    expect(half.findings[0]?.text).toContain('[local_server]');
    expect(half.status).toBe(0);
  });

  it('secrets, keys of a Config Store, locks, key servers and revocation are looked for', async () => {
    const told = await check({
      origins: { app: { backend: 'origin', lock: { header: 'x-lock', item: 'lock' } } },
      providers: {
        app: { algorithms: ['HS256'], keys: { secretStore: 'secrets', item: 'other', format: 'raw' } },
        partner: { algorithms: ['RS256'], keys: { configStore: 'config', item: 'jwks' } },
        remote: { algorithms: ['RS256'], keys: { jwksUrl: 'https://id.test/jwks', backend: 'id' } },
      },
      scopes: { user: { claims: 'sub', providers: ['app', 'partner', 'remote'] } },
      revocation: { scopes: ['user'], store: 'revoked' },
    });
    expect(codes(told).sort()).toEqual([
      'error MANIFEST_BACKEND providers.remote.keys',
      'error MANIFEST_ITEM origins.app.lock',
      'error MANIFEST_ITEM providers.app.keys',
      'error MANIFEST_ITEM providers.partner.keys',
      'error MANIFEST_STORE revocation.store',
    ]);
  });

  it('what the service can do without is a warning that says what is lost', async () => {
    const without = LOCAL.replace(/, \{ key = "operator_token".*\n/, ' },\n').replace('}, },', '},');
    const manifest = `${without.replace(/ \},\n/, '\n')}${SETUP.replace(/.*(operator_token|fingerprint_key|log_endpoints).*\n/g, '')}`;
    const told = await check({}, manifest);
    expect(codes(told)).toEqual([
      'warning MANIFEST_LOG logEndpoint',
      'warning MANIFEST_ITEM the operator',
      'warning MANIFEST_ITEM the leak guard',
    ]);
    expect(told.findings[1]?.text).toContain('the endpoints under /.edge/ are off');
  });

  it('[setup] is not asked of a service that is there', async () => {
    expect(await check({}, `service_id = "abc"\n${LOCAL}[setup.backends.x]\n`)).toMatchObject({
      findings: [],
    });
    expect(codes(await check({}, 'name = "x"\n'))).toEqual(['warning MANIFEST_MISSING fastly.toml']);
  });

  it('keys that cannot verify what the policy asks for are found before a request does', async () => {
    const short = LOCAL.replace('s'.repeat(32), 'too-short');
    expect(codes(await check({}, short + SETUP))).toEqual(['error KEY_UNUSABLE providers.app.keys']);
    const more = await check({
      providers: {
        app: { algorithms: ['HS256', 'HS512'], keys: { secretStore: 'secrets', item: 'app', format: 'raw' } },
      },
    });
    expect(codes(more)).toEqual(['warning KEY_ALGORITHM providers.app.keys']);
    expect(more.findings[0]?.text).toContain('HS512');
    const file = LOCAL.replace(/data = "s+"/, 'file = "nowhere"');
    expect(codes(await check({}, file + SETUP))).toEqual(['warning MANIFEST_FILE providers.app.keys']);
  });

  it('a secret that is too short to count is told, and how to have another', async () => {
    const short = LOCAL.replace('t'.repeat(16), 'my token');
    const told = await check({}, short + SETUP);
    expect(codes(told)).toEqual(['warning SECRET_TOO_SHORT the operator']);
    expect(told.findings[0]?.text).toContain('fewer than 16 characters');
    expect(told.findings[0]?.text).toContain('the endpoints under /.edge/ are off');
    expect(JSON.stringify(told)).not.toContain('my token');
    writeFileSync(path.join(folder, 'short_token'), 'my token\n');
    const inFile = LOCAL.replace(`data = "${'t'.repeat(16)}"`, 'file = "short_token"');
    expect((await check({}, inFile + SETUP)).findings[0]).toMatchObject({
      code: 'SECRET_TOO_SHORT',
      fix: expect.stringContaining('Delete short_token, and run `claimcache check --fix`'),
    });
    const signed = await check(
      { cms: { cookies: [{ name: 'cms_session', hmac: { item: 'cms' } }] } } as never,
      `${LOCAL.replace('{ key = "app"', '{ key = "cms", data = "short" }, { key = "app"')}${SETUP}[setup.secret_stores.secrets.entries.cms]\n`,
    );
    expect(codes(signed)).toContain('warning SECRET_TOO_SHORT cms.cookies, cms_session');
    const run = await runCli(['check', '--json'], { env: { CLAIMCACHE_OPERATOR_TOKEN: 'my token' } });
    expect(run.json<Checked>().findings).toContainEqual(
      expect.objectContaining({ code: 'SECRET_TOO_SHORT', where: 'CLAIMCACHE_OPERATOR_TOKEN' }),
    );
  });

  it('a line break or a space that is part of a shared secret is told, with the command that leaves it out', async () => {
    const secret = 's'.repeat(32);
    writeFileSync(path.join(folder, 'app_key'), `${secret}\n`);
    const inFile = LOCAL.replace(/data = "s+"/, 'file = "app_key"') + SETUP;
    const told = await check({}, inFile);
    expect(codes(told)).toEqual(['warning SECRET_WHITE_SPACE providers.app.keys']);
    expect(told.findings[0]).toMatchObject({
      text: expect.stringMatching(/^app_key ends in a line break, which is part of the secret/),
      fix: 'Write it without: printf %s "$JWT_SECRET" > app_key',
    });
    expect(JSON.stringify(told)).not.toContain(secret);
    writeFileSync(path.join(folder, 'app_key'), secret);
    expect((await check({}, inFile)).findings).toEqual([]);

    const inManifest = LOCAL.replace(secret, ` ${secret}`) + SETUP;
    expect((await check({}, inManifest)).findings).toMatchObject([
      { text: expect.stringMatching(/^The item app of the local store secrets begins or ends with/) },
    ]);
    // A list is JSON: white space around it is part of no secret.
    const list = `${LOCAL.replace(`"${secret}"`, `'["${secret}"] '`)}${SETUP}`;
    const keys = { secretStore: 'secrets', item: 'app', format: 'authjs' } as const;
    const app = { ...authjs(), keys };
    const spaces = async (manifest: string) =>
      codes(await check({ providers: { app } }, manifest)).filter((code) => code.includes('WHITE_SPACE'));
    expect(await spaces(list)).toEqual([]);
    expect(await spaces(inManifest)).toEqual(['warning SECRET_WHITE_SPACE providers.app.keys']);
  });

  it('keys that verify nothing: what to do, by the form in which they stand there', async () => {
    const fixOf = async (changes: Partial<PolicyInput>, manifest: string) =>
      (await check(changes, manifest + SETUP)).findings.find(({ code }) => code === 'KEY_UNUSABLE')?.fix;
    const raw = LOCAL.replace('s'.repeat(32), 'too-short');
    expect(await fixOf({}, raw)).toContain('32 for HS256');
    const jwks = (item: string) =>
      ({
        providers: { app: { algorithms: ['HS256'], keys: { secretStore: 'secrets', item } } },
      }) as never;
    writeFileSync(path.join(folder, 'app_jwks'), '{"keys":[]}');
    const own = LOCAL.replace(`data = "${'s'.repeat(32)}"`, 'file = "app_jwks"');
    expect(await fixOf(jwks('app'), own)).toBe('`claimcache keys check app_jwks` says what each key lacks.');
    expect(await fixOf(jwks('app'), LOCAL)).toContain('claimcache keys import');
  });

  it('no secret stands in what is told', async () => {
    const run = await runCli(['check', '--json']);
    const keys = await siteKeys();
    for (const secret of [keys.appSecret, keys.operatorToken, keys.fingerprintKey]) {
      expect(run.stdout + run.stderr).not.toContain(secret);
    }
  });
});

describe('the policy', () => {
  it('what is described and never used is a warning; a scope to purge or revoke by is used', async () => {
    const told = await check(
      {
        origins: { app: { backend: 'origin' }, old: { backend: 'origin' } },
        providers: {
          ...POLICY.providers,
          spare: { algorithms: ['HS256'], keys: { secretStore: 'secrets', item: 'app', format: 'raw' } },
        },
        scopes: {
          ...POLICY.scopes,
          team: { claims: ['tenant', 'role'], providers: ['app'], shared: true },
          tenant: { claims: 'tenant', providers: ['app'], shared: true },
          nobody: { claims: 'email', providers: ['app'] },
          session: { claims: 'sid', providers: ['app'] },
        },
        routes: { ...POLICY.routes, report: { path: '/report', scope: 'team' } },
        revocation: { scopes: ['session'], store: 'kv' },
      },
      `${LOCAL}${SETUP}[local_server.kv_stores]\nkv = []\n[setup.kv_stores.kv]\n`,
    );
    expect(codes(told)).toEqual([
      'warning SCOPE_UNUSED scopes.nobody',
      'warning PROVIDER_UNUSED providers.spare',
      'warning ORIGIN_UNUSED origins.old',
    ]);
  });

  it('routes that others hide, and public ones that look like protected ones', async () => {
    const told = await check({
      routes: {
        ...POLICY.routes,
        any: { path: '/shop/:page', lane: 'public' },
        // It takes `/shop` itself.
        rest: { path: '/shop/*', lane: 'public' },
        // As specific as the two after it, and first.
        docs: { path: '/docs/:page?', lane: 'public' },
        all: { path: '/docs', lane: 'public' },
        one: { path: '/docs/:page', lane: 'public' },
        twin: { path: '/API/orders', lane: 'public' },
        dated: { path: '/archive/:year([0-9]{4})', lane: 'public' },
      },
    });
    expect(codes(told)).toEqual([
      'warning PATTERN_TAKES_SLASHES routes.rest.path',
      'warning ROUTE_SHADOWED routes.all',
      'warning ROUTE_SHADOWED routes.one',
      'warning ROUTE_LOOKALIKE routes.twin',
    ]);
  });

  it('entries that outlive tokens, by what the policy, the provider or the caller says of their life', async () => {
    const routes = (ttlSeconds: number, more = {}) => ({
      routes: { orders: { path: '/api/orders', scope: 'user', ttlSeconds: { max: ttlSeconds }, ...more } },
    });
    const found = ['warning TTL_BEYOND_TOKEN routes.orders.ttlSeconds'];
    expect(codes(await check(routes(3600)))).toEqual([]);
    expect(codes(await check(routes(3601)))).toEqual(found);
    expect(codes(await check(routes(3601, { capAtTokenExpiry: true })))).toEqual([]);
    expect(codes(await check(routes(901), undefined, '--token-life', '900'))).toEqual(found);
    const providers = {
      app: { ...POLICY.providers?.app, maxTokenAgeSeconds: 60 },
    } as PolicyInput['providers'] & object;
    expect(codes(await check({ ...routes(61), providers }))).toEqual(found);
    expect(codes(await check({ routes: { orders: { path: '/api/orders', scope: 'user' } } }))).toEqual([]);
  });

  it('each warning of the policy names the page that explains it', async () => {
    const told = await check({
      cms: {
        cookies: [{ name: 'cms_session', hmac: { item: 'cms', covers: 'text' } }],
      },
      scopes: { ...POLICY.scopes, key: { parts: [{ header: 'x-api-key' }], providers: [] } },
      providers: { app: { ...POLICY.providers?.app, credentials: [{ cookie: 'session' }], issuer: 'a*' } },
      routes: {
        orders: { path: '/api/orders', scope: 'user', compress: true, ignoreVary: ['user-agent'] },
        key: { path: '/key', scope: 'key' },
      },
      ignoreVary: ['cookie2', 'user-agent'],
    } as never);
    const pages = told.findings
      .filter(({ code }) => code === 'POLICY_WARNING')
      .map(({ where, fix }) => [where, fix]);
    expect(pages).toEqual(
      expect.arrayContaining([
        ['scopes.key.parts.0', WARNING_PAGES.parts],
        ['providers.app.issuer', WARNING_PAGES.stars],
        ['fallback', WARNING_PAGES.fallback],
        ['routes.orders.compress', WARNING_PAGES.compress],
      ]),
    );
    for (const page of Object.values(WARNING_PAGES)) {
      const [file = '', anchor] = page.split('#');
      const headings = [...readFileSync(path.join(root, file), 'utf8').matchAll(/^#+ (.*)$/gm)].map(
        ([, title = '']) =>
          title
            .toLowerCase()
            .replace(/[^\w -]/g, '')
            .replaceAll(' ', '-'),
      );
      if (anchor !== undefined) expect(headings, page).toContain(anchor);
    }
  });

  it('paths that usually are somebody’s, by what becomes of paths that no route names', async () => {
    const found = async (changes: Partial<PolicyInput>) => {
      const copy = path.join(folder, `sensitive-${++count}.ts`);
      writeFileSync(copy, `export default ${JSON.stringify({ ...POLICY, ...changes })};`);
      const run = await runCli(['check', '--policy', copy, '--json']);
      return run.json<Checked>().findings.filter(({ code }) => code === 'PATH_WITHOUT_RULE');
    };
    const shop = { routes: { ...POLICY.routes, shop: { path: '/cart', lane: 'public' } } } as const;
    const [ofRoute, unnamed] = await found(shop);
    expect(ofRoute).toMatchObject({
      where: '/cart',
      text: expect.stringContaining('A public route takes these (shop)'),
    });
    expect(unnamed?.text).toContain("fallback is 'public'");
    expect(unnamed?.fix).toContain("fallback: 'auto'");
    expect(unnamed?.fix).toMatch(/own listener .*fallback: 'pass'/);
    for (const fallback of ['auto', 'pass'] as const) {
      expect(await found({ fallback })).toEqual([]);
      expect((await found({ ...shop, fallback })).map(({ where }) => where)).toEqual(['/cart']);
    }
  });

  it('the table says what becomes of paths that no route names', async () => {
    const last = async (fallback: PolicyInput['fallback'] & string) =>
      (await check({ fallback })).routes.at(-1);
    expect(await last('public')).toMatchObject({ name: 'default', lane: 'public', otherwise: '' });
    expect(await last('auto')).toMatchObject({
      lane: 'public (auto)',
      otherwise: 'unknown cookie or token: pass',
    });
    expect(await last('pass')).toMatchObject({ lane: 'pass', ttl: 'never' });
  });

  it('paths that usually are somebody’s, unless a rule takes them', async () => {
    const all = async (changes: Partial<PolicyInput>) => {
      const copy = path.join(folder, `sensitive-${++count}.ts`);
      writeFileSync(copy, `export default ${JSON.stringify({ ...POLICY, ...changes })};`);
      const run = await runCli(['check', '--policy', copy, '--json']);
      const { findings } = run.json<Checked>();
      return findings.find(({ code }) => code === 'PATH_WITHOUT_RULE')?.where.split(' ') ?? [];
    };
    const open = await all({});
    expect(open).toContain('/checkout');
    expect(open).not.toContain('/api/orders');
    const some = await all({
      cms: { paths: ['/admin/**', '/wp-admin'] },
      routes: {
        ...POLICY.routes,
        cart: { path: '/cart', lane: 'pass' },
        shop: { path: '/:page', lane: 'public' },
      },
    });
    expect(some).not.toContain('/cart');
    expect(some).not.toContain('/admin');
    // A public pattern that happens to match is no rule for it.
    expect(some).toContain('/checkout');
  });

  it('pages of more entries than the budget; hosts and entries have columns where there are any', async () => {
    const routes: PolicyInput['routes'] = {
      pages: {
        path: '/pages/:page',
        hosts: ['www.test', '*.www.test'],
        variants: { languages: ['en', 'de'], countries: true, cookies: { ab: ['a', 'b', 'c'] } },
      },
      staff: { path: '/staff', scope: 'staff' },
      plain: { path: '/plain', vary: ['x-theme'] },
    };
    const scopes: PolicyInput['scopes'] = {
      staff: {
        parts: [
          { set: 'roles', only: ['a', 'b', 'c', 'd'], atMost: 2 },
          { header: 'accept-language', values: ['de', 'en'] },
          { device: true },
        ],
        shared: true,
      },
    };
    const checked = await check({ routes, scopes });
    expect(codes(checked)).toEqual([
      'warning VARIANTS_OVER_BUDGET routes.pages',
      'warning VARIANTS_OVER_BUDGET routes.staff',
    ]);
    expect(checked.findings.map(({ text }) => text)).toEqual([
      'Each page may have 1,500 entries (languages 2 × countries 250 × cookie ab 3), more than 100.',
      // None, 4 of one, 6 of two members.
      'Each page may have 132 entries for each who is told apart by its claims (set of roles 11 × accept-language 3 × device 4), more than 100.',
    ]);
    expect(checked.routes.map(({ name, hosts, entries }) => [name, hosts, entries])).toEqual([
      ['pages', ['www.test', '*.www.test'], 1500],
      ['staff', [], 132],
      ['plain', [], 1],
      ['default', [], 1],
    ]);
    expect(codes(await check({ routes, scopes, limits: { variantsPerPage: 1500 } }))).toEqual([]);
  });

  it('a sensitive path that is open on one host alone is told with the host', async () => {
    const checked = await check(
      {
        routes: {
          all: { path: '/**', scope: 'user' },
          shop: { path: '/cart', hosts: ['shop.test'], lane: 'public' },
          orders: { path: '/orders', hosts: ['*.shop.test'], lane: 'pass' },
        },
      },
      LOCAL + SETUP,
      '--ignore',
      'NOTHING',
    );
    expect(codes(checked)).toEqual([]);
    const run = await runCli([
      'check',
      '--policy',
      path.join(folder, `policy-${count}.ts`),
      '--manifest',
      path.join(folder, `fastly-${count}.toml`),
    ]);
    expect(run.stdout).toContain('PATH_WITHOUT_RULE shop.test/cart\n');
    expect(run.stdout).toMatch(/^route +path +hosts +lane/m);
    expect(run.stdout).toMatch(/^orders +\/orders +\*\.shop\.test +pass/m);
  });

  it('warnings that the build prints are told too', async () => {
    const told = await check({
      scopes: { key: { parts: [{ header: 'x-api-key' }], providers: [] } },
      routes: { own: { path: '/own', scope: 'key' } },
    });
    expect(codes(told)).toContain('warning POLICY_WARNING scopes.key.parts.0');
  });

  it('--strict makes warnings count, --ignore takes a code out', async () => {
    const scopes = { ...POLICY.scopes, nobody: { claims: 'email', providers: ['app'] } };
    expect((await check({ scopes })).status).toBe(0);
    expect(await check({ scopes }, undefined, '--strict')).toMatchObject({
      status: 1,
      ok: false,
      warnings: 1,
    });
    expect((await check({ scopes }, undefined, '--strict', '--ignore', 'SCOPE_UNUSED')).status).toBe(0);
  });
});

it('a policy in TypeScript is read wherever it lies, in a folder without a package.json, too', () => {
  const file = path.join(folder, 'elsewhere.ts');
  const define = path.join(root, 'src/policy/define.ts');
  writeFileSync(
    file,
    `import { definePolicy } from '${define}';\nexport default definePolicy(${JSON.stringify(POLICY)});\n`,
  );
  const args = [path.join(root, 'cli/claimcache.mjs'), 'check', '--policy', file, '--json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(JSON.parse(stdout).routes, stderr).toContainEqual(expect.objectContaining({ name: 'orders' }));
});

it.each([
  ['export default {\n  routes: {\n)', /slip\.ts cannot be read: .*slip\.ts:3:0: ERROR: /],
  ['export const policy = {};', /slip\.ts has no default export\.\n.*export default definePolicy/],
])('a slip in TypeScript is told with its place, and without a stack: %j', (source, expected) => {
  writeFileSync(path.join(folder, 'slip.ts'), source);
  const args = [path.join(root, 'cli/claimcache.mjs'), 'check', '--policy', 'slip.ts'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
  expect(stderr).toMatch(expected);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(status).toBe(3);
});
