import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { decodeJwt, SignJWT } from 'jose';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answers } from '../../../cli/init/answers.ts';
import { policyInput } from '../../../cli/init/policy-input.ts';
import { policyText } from '../../../cli/init/policy-text.ts';
import { FACTS, PROVIDER_NAMES, presetOf } from '../../../cli/init/provider-presets.ts';
import { mergedPackage } from '../../../cli/init/write-files.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { runCli } from '../support/run-cli.ts';
import { run, TERMINAL_MISSING } from '../support/terminal.ts';

const root = path.resolve(import.meta.dirname, '../../..');
let folder: string;
let count = 0;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
const BASE = ['init', '--yes', '--no-install', '--package', '^0.2.0'];
const AUTH0 = [
  '--provider',
  'auth0',
  '--domain',
  'https://my.eu.auth0.com/',
  '--audience',
  'https://api.my.app',
];
const init = (...args: string[]) => runCli([...BASE, ...args], { cwd: folder });

/** What a policy file says; nothing is installed beside it. */
async function evaluated(text: string): Promise<PolicyInput> {
  count += 1;
  const file = path.join(folder, `policy-${count}.mjs`);
  const presets = pathToFileURL(path.join(root, 'src/identity/presets/index.ts')).href;
  const alone = text
    .replace("import { definePolicy } from 'claimcache';", 'const definePolicy = (x) => x;')
    .replace("'claimcache/providers'", JSON.stringify(presets));
  writeFileSync(file, alone);
  return (await import(file)).default;
}

/** Runs it on a terminal, where each question is answered, in this order. */
async function typing(args: string, answers: readonly (readonly [question: RegExp, answer: string])[]) {
  let next = 0;
  const cli = `${process.execPath} ${path.join(root, 'cli/claimcache.mjs')}`;
  // The terminal of `script` has no width of its own.
  const command = `stty cols 120 rows 40; ${cli} init edge --no-install --package ^0.2.0 ${args}`;
  const done = await run(command, {
    cwd: folder,
    env: { ...process.env, TERM: 'xterm' },
    typist(printed) {
      const [question, answer] = answers[next] ?? [];
      if (question === undefined || !question.test(printed)) return null;
      next += 1;
      return answer ?? null;
    },
  });
  expect(next, done.output).toBe(answers.length);
  return done;
}

/** The policy of a service in a file that needs no installed package. */
function alone(service: string): string {
  const file = path.join(folder, service, 'alone.mjs');
  const text = read(`${service}/src/policy.ts`);
  writeFileSync(
    file,
    text.replace("import { definePolicy } from 'claimcache';", 'const definePolicy = (x) => x;'),
  );
  return file;
}

const times = { iat: expect.any(Number), exp: expect.any(Number), jti: expect.any(String) };

describe('claimcache init', () => {
  it('makes a service whose policy, manifest and local secrets fit together', async () => {
    const { status, stdout } = await init(
      'edge',
      ...AUTH0,
      '--origin',
      'http://localhost:3999',
      '--editors',
      '/admin/**',
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/Now:\n\n {2}cd edge\n {2}npm install\n {2}npm start .*\n {2}npm test .*\n\n$/);
    for (const file of [
      'package.json',
      'fastly.toml',
      'tsconfig.json',
      'webpack.config.js',
      'src/index.ts',
      'src/policy.ts',
      'src/handlers.ts',
      'test/policy.test.ts',
      '.gitignore',
      'README.md',
      '.github/workflows/edge.yml',
      '.claimcache/operator_token',
    ])
      expect(existsSync(path.join(folder, 'edge', file)), file).toBe(true);
    const { local_server: server, setup } = parse(read('edge/fastly.toml')) as never as Record<
      string,
      { backends: object }
    >;
    expect(server?.backends).toEqual({
      origin: { url: 'http://localhost:3999' },
      auth0: { url: 'https://my.eu.auth0.com' },
    });
    expect(setup?.backends).toMatchObject({ auth0: { address: 'my.eu.auth0.com' } });
    expect(read('edge/.github/workflows/edge.yml')).toContain('{{ secrets.FASTLY_API_TOKEN }}');
    expect(JSON.parse(read('edge/package.json'))).toMatchObject({
      name: 'edge',
      scripts: { start: 'claimcache dev' },
      dependencies: { claimcache: '^0.2.0' },
      devDependencies: { '@fastly/js-compute': expect.stringMatching(/^\d/) },
    });
  });

  it('never overwrites a file without a question; what a package.json lacks is added to it', async () => {
    const own =
      '{"name":"mine","type":"module","scripts":{"start":"node server.js","test":"echo \\"Error: no test specified\\" && exit 1"}}';
    writeFileSync(path.join(folder, 'package.json'), own);
    writeFileSync(path.join(folder, 'README.md'), 'mine');
    writeFileSync(path.join(folder, 'fastly.toml'), '# mine\n');
    const { stdout } = await init(...AUTH0);
    expect([read('README.md'), read('fastly.toml')]).toEqual(['mine', '# mine\n']);
    expect(stdout).toContain('kept    README.md, which was there');
    expect(stdout).toContain('kept    fastly.toml');
    expect(JSON.parse(read('package.json'))).toMatchObject({
      name: 'mine',
      scripts: {
        start: 'node server.js',
        test: expect.stringContaining('claimcache check'),
        build: expect.any(String),
      },
    });
    const before = read('package.json');
    expect(mergedPackage('not json', '{}')).toBe('not json');
    await init(...AUTH0);
    expect(read('package.json')).toBe(before);
  });

  it('asks for what has no usual answer, by the flag that gives it', async () => {
    expect((await init()).stderr).toContain('Add --provider: auth0, clerk');
    const { status, stderr } = await init('--provider', 'cognito', '--region', 'eu-west-1');
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('Add --user-pool-id eu-central-1_AbCdEfGhI'),
    ]);
    expect((await init('--provider', 'auht0')).stderr).toContain('Did you mean "auth0"?');
    expect((await init(...AUTH0, '--shared', '/team')).stderr).toContain('--shared-claim org_id');
    expect((await init(...AUTH0, '--domain', "a'b.com")).status).toBe(2);
    expect((await init(...AUTH0, '--personal', '/a/../b')).stderr).toContain('These answers make no policy');
    expect(existsSync(path.join(folder, 'package.json'))).toBe(false);
  });

  it.each([
    [{ dependencies: { 'next-auth': '^4.24.11', '@auth/prisma-adapter': '^2.0.0' } }, 'nextauth'],
    [{ dependencies: { 'next-auth': '^5.0.0-beta.30' } }, 'authjs'],
    [{ devDependencies: { '@auth/sveltekit': '^1.0.0' } }, 'authjs'],
    [{ dependencies: { '@auth/prisma-adapter': '^2.0.0', next: '16.0.0' } }, null],
  ])('proposes what the application depends on: %j', async (packageJson, seen) => {
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(packageJson));
    expect((await init('edge')).stderr).toContain(
      seen === null ? 'Add --provider: auth0' : `Add --provider ${seen}, by what package.json depends on`,
    );
    if (seen === null) return;
    await init('edge', '--provider', seen);
    expect(read('edge/src/policy.ts')).toContain(
      `${seen}: ${seen === 'authjs' ? 'authjs()' : 'authjs({ version: 4 })'}`,
    );
  });

  it('takes HS256 tokens that have neither iss nor aud, and asks again where somebody writes `none`', async () => {
    const { status, stderr } = await init('edge', '--provider', 'secret');
    expect([status, stderr]).toEqual([0, '']);
    expect(read('edge/src/policy.ts')).not.toMatch(/issuer|audience/);
    const cwd = path.join(folder, 'edge');
    const token = (await runCli(['token', 'alice', '--policy', alone('edge')], { cwd })).stdout.trim();
    expect(decodeJwt(token)).toEqual({ sub: 'alice', ...times });
    const explained = await runCli(
      ['explain', '/api/me', '--policy', alone('edge'), '--json', '--token', token],
      { cwd },
    );
    expect(explained.json()).toMatchObject({ credential: { outcome: 'verified' } });

    for (const none of ['none', 'None', '-', 'no', 'n/a']) {
      const refused = await init('other', '--provider', 'secret', '--issuer', none);
      expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('Leave it empty')]);
    }
    expect((await init('other', '--provider', 'oidc', '--issuer', 'none')).stderr).toContain('It is needed');
    const some = await init('some', '--provider', 'secret', '--issuer', 'my-app', '--audience', '');
    expect(some.status).toBe(0);
    expect(read('some/src/policy.ts')).toMatch(/issuer: 'my-app'/);
    expect(read('some/src/policy.ts')).not.toContain('audience');
  });

  describe('where the token is', () => {
    const OIDC = ['--provider', 'oidc', '--issuer', 'https://a.example', '--audience', 'shop'];
    const KEYS = ['--jwks-url', 'https://a.example/jwks.json'];

    it.each([
      ['oidc', [...OIDC, ...KEYS], { cookie: 'session' }],
      ['secret', ['--provider', 'secret'], { cookie: 'session' }],
      ['auth0', AUTH0, { cookie: 'session' }],
      [
        'supabase',
        ['--provider', 'supabase', '--project-ref', 'abc'],
        { cookie: 'session', format: 'supabase' },
      ],
    ])('may be a cookie: %s', async (provider, args, place) => {
      const { status, stderr } = await init('edge', ...args, '--token-cookie', 'session');
      expect([status, stderr]).toEqual([0, '']);
      const written = await evaluated(read('edge/src/policy.ts'));
      expect(written.providers?.[provider]?.credentials).toEqual([place]);
    });

    it('is the header Authorization where no cookie is named', async () => {
      await init('edge', ...OIDC, ...KEYS);
      expect(read('edge/src/policy.ts')).not.toContain('credentials');
    });

    it('is the name of a cookie alone', async () => {
      const { status, stderr } = await init('edge', ...OIDC, ...KEYS, '--token-cookie', 'session=');
      expect([status, stderr]).toEqual([2, expect.stringContaining('The name of the cookie alone: session')]);
    });
  });

  describe('keys of an application on this machine', () => {
    const url = 'http://127.0.0.1:4600/.well-known/jwks.json';
    const OIDC = ['--provider', 'oidc', '--issuer', 'http://127.0.0.1:4600', '--audience', 'shop'];
    const backends = () => parse(read('edge/fastly.toml')) as never as Record<string, { backends: object }>;

    it('are those of the backend of the application, where it publishes them', async () => {
      const { status, stderr } = await init(
        'edge',
        ...OIDC,
        '--jwks-url',
        url,
        '--origin',
        'http://127.0.0.1:4600',
      );
      expect([status, stderr]).toEqual([0, '']);
      const written = await evaluated(read('edge/src/policy.ts'));
      expect(written.providers?.oidc).toMatchObject({ keys: { jwksUrl: url, backend: 'origin' } });
      expect(backends().local_server?.backends).toEqual({ origin: { url: 'http://127.0.0.1:4600' } });
      expect(read('edge/src/policy.ts')).toContain('Before a deploy');
    });

    it('have a backend of their own where somebody else publishes them, and no address of this machine for a deploy', async () => {
      await init('edge', ...OIDC, '--jwks-url', url, '--origin', 'http://127.0.0.1:3000');
      expect(backends().local_server?.backends).toEqual({
        origin: { url: 'http://127.0.0.1:3000' },
        oidc: { url: 'http://127.0.0.1:4600' },
      });
      expect(backends().setup?.backends).toMatchObject({ oidc: { address: 'keys.example.com', port: 443 } });
      const { stdout } = await runCli(['check', '--policy', alone('edge')], {
        cwd: path.join(folder, 'edge'),
      });
      expect(stdout).toContain(`${url} is on this machine. Before a deploy, write the https URL`);
    });

    it('may be those of a Keycloak', async () => {
      const args = ['--provider', 'keycloak', '--realm', 'main', '--audience', 'shop'];
      expect((await init('edge', ...args, '--url', 'http://localhost:8080')).stderr).toBe('');
      expect(backends().local_server?.backends).toMatchObject({ keycloak: { url: 'http://localhost:8080' } });
    });

    it.each([
      ['http://login.example.com/keys', 'https://login.example.com/keys'],
      ['login.example.com/keys', 'https://login.example.com/keys'],
      ['localhost:4600/keys', 'http://localhost:4600/keys'],
      ['https://a:b@login.example.com/keys?v=1', 'https://login.example.com/keys'],
      ['none', 'https://login.example.com/jwks.json'],
    ])('a URL that is none is told with what is meant: %s', async (text, meant) => {
      const { status, stderr } = await init('edge', ...OIDC, '--jwks-url', text);
      expect([status, stderr]).toEqual([2, expect.stringContaining(`Add --jwks-url ${meant}\n`)]);
    });
  });

  describe("the application's secret", () => {
    const SECRET = 'the secret of my application, 40 letters';
    const file = 'edge/.claimcache/token_key';
    const args = ['edge', '--provider', 'secret'];

    it.each([
      ['secret', 'token_key', 'JWT_SECRET'],
      ['authjs', 'auth_secret', 'AUTH_SECRET'],
      ['nextauth', 'auth_secret', 'NEXTAUTH_SECRET'],
    ])('that nobody has given is asked for at the end: %s', async (provider, item, variable) => {
      const { stdout } = await init('edge', '--provider', provider);
      expect(read(`edge/.claimcache/${item}`)).toMatch(/^[\w-]{43}$/);
      expect(stdout.split('npm test')[1]).toContain(
        `.claimcache/${item} is random: write the secret of your application into it: printf %s "$${variable}" > .claimcache/${item}\n`,
      );
    });

    it('is written by the command that is printed, and then its tokens verify', async () => {
      const { stdout } = await init(...args);
      const [command = ''] = /printf .*/.exec(stdout) ?? [];
      const cwd = path.join(folder, 'edge');
      execFileSync('sh', ['-c', command], { cwd, env: { JWT_SECRET: SECRET } });
      expect(read(file)).toBe(SECRET);
      const token = await new SignJWT({ sub: '7' })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(SECRET));
      const asked = ['explain', '/api/me', '--policy', alone('edge'), '--json', '--token', token];
      const explained = await runCli(asked, { cwd });
      expect(explained.json()).toMatchObject({ credential: { outcome: 'verified' } });
    });

    it('from a file or the standard input is in the local store, without the line break at its end', async () => {
      writeFileSync(path.join(folder, 'secret.txt'), `${SECRET}\n`);
      const given = await init(...args, '--secret-file', 'secret.txt');
      expect([given.status, given.stderr, read(file)]).toEqual([0, '', SECRET]);
      expect(given.stdout).not.toMatch(/is random|the secret of my/);
      expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600);
      rmSync(path.join(folder, 'edge'), { recursive: true });
      const argv = [...BASE, ...args, '--secret-file', '-', '--json'];
      const piped = await runCli(argv, { cwd: folder, input: `${SECRET}\r\n` });
      expect([piped.status, piped.stderr, read(file)]).toEqual([0, '', SECRET]);
      expect(piped.json()).toMatchObject({ ok: true, notes: [] });
      expect(piped.stdout).not.toContain(SECRET);
    });

    it('never replaces another one unasked', async () => {
      await init(...args);
      const before = read(file);
      writeFileSync(path.join(folder, 'secret.txt'), SECRET);
      const { stdout } = await init(...args, '--secret-file', 'secret.txt');
      expect(stdout).toContain('kept    .claimcache/token_key, which was there');
      expect(read(file)).toBe(before);
    });

    it.each([
      ['short', 'too short: the service accepts 32 bytes or more'],
      ['\n', 'It is empty'],
      [`${SECRET} \n`, 'white space'],
    ])('that cannot be one is refused before anything is written: %j', async (text, why) => {
      writeFileSync(path.join(folder, 'secret.txt'), text);
      const { status, stderr } = await init(...args, '--secret-file', 'secret.txt');
      expect([status, stderr]).toEqual([2, expect.stringContaining(why)]);
      expect(stderr).not.toContain(SECRET);
      expect(existsSync(path.join(folder, 'edge'))).toBe(false);
    });

    it('is none where the provider has public keys', async () => {
      const { status, stderr } = await init(...AUTH0, '--secret-file', 'nowhere');
      expect([status, stderr]).toEqual([2, expect.stringContaining('public keys')]);
    });
  });

  it.each(PROVIDER_NAMES)('knows what %s issues, and for whom', async (provider) => {
    const facts = presetOf(provider).asks.map((name) => [name, FACTS[name].example] as const);
    const flags = facts.flatMap(([name, example]) => [
      `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
      example,
    ]);
    expect((await init(provider, '--provider', provider, ...flags)).stderr).toBe('');
    const written = await evaluated(read(`${provider}/src/policy.ts`));
    const [made] = compilePolicy(written).providers;
    expect(made?.name).toBe(provider);
    // Whom a token is for: `aud`, a claim that says so in its place, or nobody but who has the application's secret.
    expect([
      ...(made?.audience ?? []),
      ...(made?.encryption ? ['secret'] : []),
      ...(written.providers?.[provider]?.requiredClaims ? ['claim'] : []),
    ]).not.toEqual([]);
  });
});

it('a policy as text is the policy', async () => {
  const paths = fc.uniqueArray(
    fc.constantFrom('/', '/a', '/a/**', '/b/:id', "/it's", '/a-b', '/9', '/x/*/y', '/q"', '/\u{1f600}'),
    { maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(
      paths,
      paths,
      fc.constantFrom('sub', 'org.id', "a'b"),
      async (personal, editors, claim) => {
        const facts = { issuer: `it's "me" \\ ${claim}`, audience: 'line\nend' };
        const answers: Answers = {
          origin: 'http://localhost:1',
          provider: 'secret',
          facts,
          personal,
          shared: ['/shared'],
          sharedClaim: claim,
          public: ['/open'],
          editors,
          never: [],
        };
        expect(await evaluated(policyText(answers))).toEqual(policyInput(answers));
      },
    ),
    { numRuns: 25 },
  );
});

it.skipIf(TERMINAL_MISSING !== '')(
  `asks on a terminal for a shared secret, and does not show it${TERMINAL_MISSING}`,
  async () => {
    const SECRET = 'typed-secret-of-my-application-40-letters';
    const { status, output } = await typing('--provider secret --personal /me', [
      [/Where does your application run\?/, ''],
      [/`iss` of its tokens say\? \(empty: its tokens have none\)/, 'none'],
      [/Leave it empty where the tokens have none/, '\u0015'],
      [/Whom are its tokens for.*\(empty: its tokens have none\)/, ''],
      [/Which cookie has its token\? \(empty: none: the header Authorization has it\)/, 'session'],
      [/same for a group/, ''],
      [/same for everybody/, ''],
      [/editors'/, ''],
      [/never cached\? \(empty: none\)[\s\S]*\/login, \/checkout/, ''],
      [/What is the secret of its tokens, JWT_SECRET\?/, SECRET],
    ]);
    expect(status, output).toBe(0);
    expect(output).not.toContain(SECRET);
    expect(output).not.toContain('is random');
    expect(read('edge/.claimcache/token_key')).toBe(SECRET);
    expect(read('edge/src/policy.ts')).not.toMatch(/issuer|audience/);
    expect(read('edge/src/policy.ts')).toContain("credentials: [{ cookie: 'session' }]");
  },
  300_000,
);

it.skipIf(TERMINAL_MISSING !== '')(
  `asks on a terminal for what no option says${TERMINAL_MISSING}`,
  async () => {
    const { status, output } = await typing('', [
      [/Where does your application run\?/, 'http://localhost:4000'],
      [/Whose tokens does it accept\?/, ''],
      [/Which domain does it have\?/, 'my.eu.auth0.com'],
      [/Whom are its tokens for/, 'https://api.my.app'],
      [/Which cookie has its token\?/, ''],
      [/Which paths belong to one person\?/, '/api/me, /api/cart'],
      [/same for a group/, ''],
      [/same for everybody/, ''],
      [/editors'/, ''],
      [/Which others are never cached/, '/checkout'],
    ]);
    expect(status, output).toBe(0);
    const policy = read('edge/src/policy.ts');
    expect(policy).toContain("api_cart: { path: '/api/cart', scope: 'user'");
    expect(policy).toContain("checkout: { path: '/checkout', lane: 'pass' }");
    expect(read('edge/fastly.toml')).toContain('url = "http://localhost:4000"');
  },
  300_000,
);
