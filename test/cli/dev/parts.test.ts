import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pc from 'picocolors';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { privateKeyFileOf } from '../../../cli/base/secrets-folder.ts';
import type { World } from '../../../cli/base/world.ts';
import { originBackend, startKeyServers } from '../../../cli/dev/dev-backends.ts';
import { devManifest } from '../../../cli/dev/dev-manifest.ts';
import { createDevOutput } from '../../../cli/dev/dev-output.ts';
import { exampleCurl } from '../../../cli/dev/example-curl.ts';
import { startKeyServer } from '../../../cli/dev/key-server.ts';
import { isPortFree } from '../../../cli/dev/local-server/ports.ts';
import { foreignSecrets } from '../../../cli/manifest/foreign-secrets.ts';
import { authjs } from '../../../src/identity/presets/authjs.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { send } from '../../support/send.ts';
import { runCli } from '../support/run-cli.ts';

const POLICY: PolicyInput = {
  origins: { media: { backend: 'bucket', paths: ['/media/**'] }, app: { backend: 'origin' } },
  providers: {
    own: {
      credentials: [{ cookie: 'session' }],
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'own', format: 'raw' },
      issuer: 'https://own.example',
      audience: 'site',
    },
    idp: {
      algorithms: ['RS256'],
      keys: { jwksUrl: 'https://idp.example/jwks.json', backend: 'idp' },
      issuer: 'https://idp.example',
      audience: 'site',
    },
  },
  scopes: {
    user: { claims: 'sub', providers: ['own'] },
    team: { claims: ['tenant.id', 'role'], providers: ['idp'], shared: true },
  },
  routes: { report: { path: '/report', scope: 'team' }, orders: { path: '/orders/:id', scope: 'user' } },
};
const policyWith = (changes: Partial<PolicyInput>) => compilePolicy({ ...POLICY, ...changes });

describe('the manifest of a run', () => {
  const manifest = parse(`name = "site"
[setup.backends.origin]
[local_server.backends]
origin = { url = "https://staging.example.com", override_host = "staging.example.com" }
bucket = { url = "http://127.0.0.1:9000" }
[[local_server.secret_stores.claimcache_secrets]]
key = "own"
file = ".claimcache/own"
`);

  it('is what fastly.toml says for the local server, with files where they are', () => {
    const made = parse(
      devManifest(manifest, { folder: path.resolve('/srv/site'), backends: {} }),
    ) as never as {
      local_server: Record<string, Record<string, unknown>>;
    };
    expect(made.local_server.backends).toEqual({
      origin: { url: 'https://staging.example.com', override_host: 'staging.example.com' },
      bucket: { url: 'http://127.0.0.1:9000' },
    });
    expect(made.local_server.secret_stores?.claimcache_secrets).toEqual([
      { key: 'own', file: path.resolve('/srv/site/.claimcache/own') },
    ]);
    expect(made).not.toHaveProperty('setup');
  });

  it('asks another origin for what no other takes, where --origin says so', () => {
    expect(originBackend(policyWith({}), 'http://localhost:3000')).toEqual({
      origin: { url: 'http://localhost:3000' },
    });
    expect(originBackend(policyWith({}), 'https://a.example.com')).toEqual({
      origin: { url: 'https://a.example.com', override_host: 'a.example.com' },
    });
    expect(originBackend(policyWith({}), null)).toEqual({});
  });
});

describe('the curl that fits a policy', () => {
  const command = (changes: Partial<PolicyInput>, people: string[] = []) =>
    exampleCurl(policyWith(changes), 'http://127.0.0.1:7676', people).command;

  it('asks for a page of one person, with the credential where the provider looks for it', () => {
    expect(command({})).toBe(
      'curl -i http://127.0.0.1:7676/orders/sample -H "Cookie: session=$(npx claimcache token alice)"',
    );
    expect(command({}, ['bob'])).toContain('token bob)');
    expect(exampleCurl(policyWith({}), 'http://127.0.0.1:7676', []).says).not.toContain('401');
  });

  it('gives a group the claims that its scope asks for, and names the provider and the host', () => {
    const { report } = POLICY.routes as { report: PolicyInput['routes'][string] };
    expect(command({ routes: { report }, hosts: ['shop.test'] })).toBe(
      "curl -i http://127.0.0.1:7676/report -H 'Host: shop.test' -H \"Authorization: Bearer $(npx claimcache token alice --provider idp " +
        '--claim \'tenant:={"id":"example"}\' --claim role=example)"',
    );
  });

  it('says where the application may reject the token', () => {
    const { report } = POLICY.routes as { report: PolicyInput['routes'][string] };
    const { says } = exampleCurl(policyWith({ routes: { report } }), 'http://127.0.0.1:7676', []);
    expect(says).toContain('answers 401 to this one: send one of its own');
  });

  it('is printed again where a change of the policy has changed it', () => {
    let printed = '';
    const out = (text: string) => {
      printed += text;
    };
    const output = createDevOutput({ out, err: out, colors: pc.createColors(false) } as World, false);
    const ready = (curl: string, isAgain: boolean) => {
      printed = '';
      output.ready({
        url: '',
        consoleUrl: '',
        routes: [],
        curl: { command: curl, says: '' },
        hooks: [],
        watched: [],
        tookMs: 1,
        isAgain,
      });
      return printed;
    };
    expect(ready('curl one', false)).toContain('curl one');
    expect(ready('curl one', true)).not.toContain('curl');
    expect(ready('curl two', true)).toContain('curl two');
    expect(ready('curl two', true)).not.toContain('curl');
  });

  it('asks for a public page, where nothing belongs to anybody', () => {
    expect(command({ routes: { docs: { path: '/docs/**', lane: 'public' } } })).toMatch(
      /^curl -i \S+\/docs\/sample$/,
    );
    expect(command({ routes: {} })).toBe('curl -i http://127.0.0.1:7676/');
  });
});

describe('the key server of a run', () => {
  const localKeys = [{ kty: 'RSA', kid: 'local' }];

  it("has the provider's own keys, and beside them the local one", async () => {
    const provider = createServer((request, response) => {
      if (request.url !== '/jwks.json') return void response.writeHead(404).end();
      response.end(JSON.stringify({ keys: [{ kty: 'RSA', kid: 'real' }] }));
    });
    provider.listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const upstream = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    const told: string[] = [];
    const server = await startKeyServer({
      upstream,
      localKeys,
      issuer: null,
      paths: ['/jwks.json'],
      tell: (why) => told.push(why),
    });
    try {
      const keys = async () => (await (await fetch(`${server.url}/jwks.json`)).json()).keys;
      expect(await keys()).toEqual([{ kty: 'RSA', kid: 'real' }, ...localKeys]);
      expect(told).toEqual([]);
      provider.closeAllConnections();
      provider.close();
      expect(await keys()).toEqual(localKeys);
      expect(await keys()).toEqual(localKeys);
      expect(told).toEqual([`${upstream} does not answer`]);
    } finally {
      await server.stop();
    }
  });

  it('hands everything else on where the application answers at the same address', async () => {
    const application = createServer(async (request, response) => {
      if (request.url === '/jwks.json') return void response.end('{"keys":[]}');
      let body = '';
      for await (const part of request.setEncoding('utf8')) body += part;
      response.writeHead(201, 'Made', [
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
        'X-Host',
        request.headers.host ?? '',
      ]);
      response.end(`${request.method} ${request.url} ${body}`);
    });
    application.on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      socket.pipe(socket);
    });
    application.listen(0, '127.0.0.1');
    await once(application, 'listening');
    const upstream = `http://127.0.0.1:${(application.address() as AddressInfo).port}`;
    const paths = ['/jwks.json'];
    const server = await startKeyServer({ upstream, localKeys, issuer: null, paths, tell: () => {} });
    try {
      expect(await (await fetch(`${server.url}/jwks.json`)).json()).toEqual({ keys: localKeys });
      const headers = { host: 'www.example.com' };
      const answer = await send(server.url, '/a//b?c=%2f', { method: 'POST', body: 'body', headers });
      expect([answer.status, answer.text, answer.headers['set-cookie'], answer.headers['x-host']]).toEqual([
        201,
        'POST /a//b?c=%2f body',
        ['a=1', 'b=2'],
        'www.example.com',
      ]);
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.write('GET /live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      let seen = '';
      socket.setEncoding('utf8').on('data', (part: string) => {
        seen += part;
      });
      await expect.poll(() => seen).toContain('101');
      socket.write('echo');
      await expect.poll(() => seen).toMatch(/echo$/);
      socket.destroy();
      application.closeAllConnections();
      application.close();
      await expect(send(server.url, '/')).rejects.toThrow();
    } finally {
      await server.stop();
    }
  });

  it('asks for the keys alone, and at the beginning, so that what is wrong with them is told', async () => {
    const provider = createServer((request, response) => {
      if (request.url === '/right') return void response.end(JSON.stringify({ keys: [] }));
      response.end('<p>Welcome</p>');
    });
    provider.listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const upstream = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    const policy = (path: string) =>
      policyWith({
        providers: {
          idp: {
            algorithms: ['RS256'],
            keys: { jwksUrl: `${upstream}${path}`, backend: 'idp' },
            issuer: 'idp',
            audience: 'site',
          },
        },
        scopes: { user: { claims: 'sub' } },
        routes: { orders: { path: '/orders/:id', scope: 'user' } },
      });
    const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-keys-'));
    writeFileSync(
      path.join(folder, privateKeyFileOf('idp')),
      JSON.stringify({ kty: 'RSA', n: 'n', e: 'AQAB' }),
    );
    const told: string[] = [];
    const start = (at: string) =>
      startKeyServers(policy(at), { idp: { url: upstream } }, folder, (text) => told.push(text));
    try {
      const right = (await start('/right')).get('idp');
      // Viceroy asks each backend for it, to see that somebody answers.
      expect(await (await fetch(`${right?.url}/`)).text()).toBe('<p>Welcome</p>');
      await right?.stop();
      expect(told).toEqual([]);
      const wrong = (await start('/wrong')).get('idp');
      await expect.poll(() => told).toHaveLength(1);
      await wrong?.stop();
      expect(told[0]).toContain(`${upstream}/wrong has no keys`);
      expect(told[0]).toContain(
        'correct keys of providers.idp in the policy and [local_server.backends.idp]',
      );
    } finally {
      provider.closeAllConnections();
      provider.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('leads through discovery where there is no network', async () => {
    const issuer = 'https://idp.example/realm';
    const server = await startKeyServer({
      upstream: 'http://127.0.0.1:1',
      localKeys,
      issuer,
      paths: ['/realm/.well-known/openid-configuration'],
      tell: () => {},
    });
    try {
      const document = await (await fetch(`${server.url}/realm/.well-known/openid-configuration`)).json();
      expect(document).toEqual({ issuer, jwks_uri: 'https://idp.example/.well-known/jwks.json' });
      expect(await (await fetch(`${server.url}/.well-known/jwks.json`)).json()).toEqual({ keys: localKeys });
    } finally {
      await server.stop();
    }
  });
});

describe('claimcache dev', () => {
  it('says before anything is built that a port is taken, and how to choose another', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    for (const [flag, whose] of [
      ['--port', 'the service'],
      ['--console-port', 'the console'],
    ] as const) {
      const rest = flag === '--port' ? [] : ['--port', '0'];
      const run = await runCli(['dev', flag, String(port), ...rest]);
      expect(run.status).toBe(3);
      expect(run.stderr).toMatch(
        new RegExp(`^error: Port ${port} for ${whose} is taken\\.\\n {2}Choose another: ${flag} \\d+\\n$`),
      );
      const [suggested = '0'] = /\d+$/.exec(run.stderr.trim()) ?? [];
      expect(await isPortFree(Number(suggested))).toBe(true);
    }
    // The next one is the console's own.
    const run = await runCli(['dev', '--port', String(port), '--console-port', String(port + 1)]);
    expect(run.stderr).not.toContain(`--port ${port + 1}\n`);
    other.close();
  });

  it('says where there is no service, and refuses an origin that is no address', async () => {
    const run = await runCli(['dev'], { cwd: path.parse(process.cwd()).root });
    expect([run.status, run.stderr]).toEqual([3, expect.stringContaining('`claimcache init`')]);
    for (const origin of ['localhost:3000', 'http://a/b', 'http://u:p@a', 'ftp://a'])
      expect((await runCli(['dev', '--origin', origin])).status).toBe(2);
  });
});

describe('local secrets that somebody else has to know', () => {
  const policy = policyWith({
    providers: {
      ...POLICY.providers,
      machines: {
        introspection: {
          backend: 'idp',
          url: 'https://idp.example/introspect',
          client: { id: 'edge', item: 'edge_client' },
        },
        credentials: [{ header: 'x-machine' }],
      },
      app: authjs(),
      old: authjs({ version: 4, item: 'nextauth_secret' }),
    },
  });

  it('are named once they were made, each with whose they are', () => {
    const made = ['.secrets/own', '.secrets/edge_client', '.secrets/auth_secret', '.secrets/nextauth_secret'];
    const random = (item: string, variable: string) =>
      expect.stringContaining(
        `.secrets/${item} is random: write the secret of your application into it: printf %s "$${variable}" > .secrets/${item}\n`,
      );
    expect(foreignSecrets(policy, made)).toEqual([
      random('own', 'JWT_SECRET'),
      expect.stringMatching(
        /^\.secrets\/edge_client is random: .*client "edge" at https:\/\/idp\.example\/introspect.*backend idp/,
      ),
      random('auth_secret', 'AUTH_SECRET'),
      random('nextauth_secret', 'NEXTAUTH_SECRET'),
    ]);
  });

  it('are not asked for again, and neither is one that is nobody else’s', () => {
    expect(foreignSecrets(policy, [])).toEqual([]);
    expect(foreignSecrets(policy, ['.secrets/operator_token'])).toEqual([]);
  });
});
