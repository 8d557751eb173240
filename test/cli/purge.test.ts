import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../scripts/root.ts';
import { surrogateKey } from '../../src/keys/surrogate-key.ts';
import { SITE } from '../site/keys.ts';
import { type FastlyApi, startFastlyApi } from './support/fastly-api.ts';
import { type CliRunOptions, runCli } from './support/run-cli.ts';
import { run, TERMINAL_MISSING } from './support/terminal.ts';

let api: FastlyApi;
let folder: string;

beforeEach(async () => {
  api = await startFastlyApi();
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-purge-'));
});
afterEach(async () => {
  expect(api.breaches).toEqual([]);
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

const POLICY = path.join(SITE, 'src/policy.ts');

function purge(args: string[], options: CliRunOptions = {}) {
  const env = {
    FASTLY_API_TOKEN: api.token,
    FASTLY_SERVICE_ID: api.serviceId,
    FASTLY_API_ENDPOINT: api.url,
    ...options.env,
  };
  const policy = args.includes('--policy') ? [] : ['--policy', POLICY];
  return runCli(['purge', ...args, ...policy], { cwd: folder, ...options, env });
}

const ids = (count: number) => Array.from({ length: count }, (_, i) => `${1000 + i}`);

describe('claimcache purge through the Fastly API', () => {
  it('sends the surrogate key that the edge tags with', async () => {
    const run = await purge(['user', '42', '--json']);
    expect(run).toMatchObject({ status: 0 });
    expect(run.json()).toMatchObject({ ok: true, purged: 1, failures: [] });
    expect(api.calls).toMatchObject([
      { method: 'POST', path: `/service/${api.serviceId}/purge`, body: { surrogate_keys: ['user:42'] } },
    ]);
    expect(api.calls[0]?.headers['fastly-soft-purge']).toBeUndefined();
  });

  it('purges a scope of several claims by its values in order, and softly on request', async () => {
    expect((await purge(['team', 'acme', 'member', '--soft'])).status).toBe(0);
    expect(api.purgedKeys()).toEqual([surrogateKey('team', ['acme', 'member'])]);
    expect(api.calls[0]?.headers['fastly-soft-purge']).toBe('1');
  });

  it('purges an entity of a GraphQL endpoint, and what does not say which it holds', async () => {
    const policy = path.join(folder, 'policy.ts');
    writeFileSync(
      policy,
      `import { definePolicy } from '${root}/src/policy/define.ts';
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  routes: { api: { path: '/graphql', lane: 'public', graphql: { entities: { Todo: 'id' } } } },
});
`,
    );
    expect((await purge(['Todo', '42', '43', '--policy', policy])).status).toBe(0);
    expect(api.purgedKeys()).toEqual(['type:Todo:42', 'type:Todo:~', 'type:Todo:43']);
    const unknown = await purge(['Tod', '42', '--policy', policy]);
    expect(unknown.status).not.toBe(0);
    expect(unknown.stderr).toContain('Types with an id: Todo.');
  });

  it('purges a scope with parts by its claims alone, or for some parts alone', async () => {
    const policy = path.join(folder, 'policy.ts');
    writeFileSync(
      policy,
      `import { definePolicy } from '${root}/src/policy/define.ts';
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
  scopes: { local: { claims: 'sub', parts: [{ device: true }] } },
  routes: { local: { path: '/local', scope: 'local' } },
});
`,
    );
    expect((await purge(['local', '42', '--policy', policy])).status).toBe(0);
    expect((await purge(['local', '42', 'mobile', '--policy', policy])).status).toBe(0);
    expect(api.purgedKeys()).toEqual(['local:42', surrogateKey('local', ['42', 'mobile'])]);
    const wrong = await purge(['local', '42', 'mobile', 'x', '--policy', policy]);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('has 1 value');
  });

  it('tells numbers from strings with --typed where the key depends on it', async () => {
    await purge(['team', '7', 'true', '--typed']);
    expect(api.purgedKeys()).toEqual([surrogateKey('team', [7, true])]);
  });

  it('purges by a set of roles, in whatever order its members are named', async () => {
    const policy = path.join(folder, 'policy.ts');
    writeFileSync(
      policy,
      `import { definePolicy } from '${root}/src/policy/define.ts';
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: { app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } } },
  scopes: { staff: { claims: 'tenant', parts: [{ set: 'roles', only: ['viewer', 'editor', 'admin'], atMost: 2 }], shared: true } },
  routes: { staff: { path: '/staff', scope: 'staff' } },
});
`,
    );
    writeFileSync(path.join(folder, 'sets.jsonl'), '["acme", ["viewer", "sales"]]\n["acme", []]\n');
    await purge(['staff', '"acme"', '["editor","admin"]', '--typed', '--policy', policy]);
    await purge(['staff', '--file', 'sets.jsonl', '--policy', policy]);
    expect(api.purgedKeys()).toEqual([
      surrogateKey('staff', ['acme', ['admin', 'editor']]),
      surrogateKey('staff', ['acme', ['viewer']]),
      surrogateKey('staff', ['acme', []]),
    ]);
    for (const set of ['"admin"', '["admin","editor","viewer"]', '[["admin"]]']) {
      const wrong = await purge(['staff', '"acme"', set, '--typed', '--policy', policy]);
      expect([set, wrong.status]).toEqual([set, 2]);
    }
    expect(api.purgedKeys()).toHaveLength(3);
  });

  it('purges keys and routes together', async () => {
    await purge(['--key', 'url:www.example.com/', 'a', '--route', 'orders']);
    expect(api.purgedKeys()).toEqual(['url:www.example.com/', 'a', 'route:orders']);
  });

  it('sends thousands of values in batches of 256, each key once', async () => {
    const list = ids(1000);
    const input = `\uFEFF${[...list, ...list].join('\r\n')}\n\n`;
    const run = await purge(['user', '--file', '-', '--json'], { input });
    expect(run.json()).toMatchObject({ purged: 1000 });
    expect(api.calls).toHaveLength(4);
    expect(api.purgedKeys()).toEqual(list.map((id) => `user:${id}`));
  });

  it('reads JSON lines: several claims, and text that a plain line could not hold', async () => {
    writeFileSync(path.join(folder, 'teams.jsonl'), '["acme","member"]\n[ "glo bex", "admin" ]\n');
    await purge(['team', '--file', 'teams.jsonl']);
    expect(api.purgedKeys()).toEqual([
      surrogateKey('team', ['acme', 'member']),
      surrogateKey('team', ['glo bex', 'admin']),
    ]);
  });

  it('purges nothing when one line of a file is wrong, and names the line', async () => {
    const run = await purge(['team', '--file', '-'], { input: '["acme","member"]\n["acme"]\n' });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('line 2');
    expect(api.calls).toHaveLength(0);
  });

  it('waits as long as Retry-After says, and then sends the same batch again', async () => {
    api.plan = (_, i) => (i === 0 ? { status: 429, headers: { 'retry-after': '7' } } : undefined);
    const run = await purge(['user', '42']);
    expect(run).toMatchObject({ status: 0, slept: [7000] });
    expect(api.calls).toHaveLength(2);
  });

  it('waits for the reset of the rate limit where there is no Retry-After', async () => {
    const nowMs = 1_800_000_000_000;
    api.plan = (_, i) =>
      i === 0 ? { status: 429, headers: { 'fastly-ratelimit-reset': `${nowMs / 1000 + 12}` } } : undefined;
    expect(await purge(['user', '42'], { nowMs: () => nowMs })).toMatchObject({ status: 0, slept: [12_000] });
  });

  it('backs off from 5xx and broken connections', async () => {
    api.plan = (_, i) => (i === 0 ? { status: 503 } : i === 1 ? 'hang-up' : undefined);
    expect(await purge(['user', '42'])).toMatchObject({ status: 0, slept: [500, 1000] });
  });

  it('gives up on a server that asks for hours', async () => {
    api.plan = () => ({ status: 429, headers: { 'retry-after': '7200' } });
    const run = await purge(['user', '42']);
    expect(run).toMatchObject({ status: 1, slept: [] });
    expect(run.stdout).toContain('7200 s');
  });

  it('goes on after a batch that failed, and sums up what did', async () => {
    api.plan = (_, i) => (i === 1 ? { status: 400, body: { msg: 'Bad request' } } : undefined);
    const run = await purge(['user', '--file', '-', '--json'], { input: ids(700).join('\n') });
    expect(run.status).toBe(1);
    const { failures, ...rest } = run.json<{ failures: { keys: string[] }[] }>();
    expect(rest).toMatchObject({ ok: false, purged: 444, notTried: 0 });
    expect(failures).toMatchObject([{ status: 400, reason: 'status 400: Bad request' }]);
    expect(failures[0]?.keys).toHaveLength(256);
  });

  it('stops at once when the token is refused, with a status of its own, and never prints the token', async () => {
    const run = await purge(['user', '--file', '-'], {
      input: ids(700).join('\n'),
      env: { FASTLY_API_TOKEN: 'wrong-secret' },
    });
    expect(run.status).toBe(4);
    expect(api.calls).toHaveLength(1);
    expect(run.stdout + run.stderr).not.toContain('wrong-secret');
  });

  it('resumes: a second run sends only what failed, and forgets when all is done', async () => {
    const input = ids(700).join('\n');
    const args = ['user', '--file', '-', '--state', 'purge.state', '--json'];
    api.plan = (_, i) => (i === 1 ? { status: 400 } : undefined);
    expect((await purge(args, { input })).status).toBe(1);
    expect(existsSync(path.join(folder, 'purge.state'))).toBe(true);

    const second = await purge(args, { input });
    expect(second.json()).toMatchObject({ ok: true, purged: 256, skipped: 444 });
    expect(new Set(api.purgedKeys()).size).toBe(700);
    expect(existsSync(path.join(folder, 'purge.state'))).toBe(false);
  });

  it('does not trust a state of yesterday, nor that of another purge', async () => {
    const input = ids(300).join('\n');
    const args = ['user', '--file', '-', '--state', 'purge.state'];
    api.plan = (_, i) => (i === 1 ? { status: 400 } : undefined);
    await purge(args, { input });
    const late = await purge(args, { input, nowMs: () => Date.now() + 25 * 3_600_000 });
    expect(late.status).toBe(2);
    const other = await purge([...args, '--soft', '--json'], { input });
    expect(other.json()).toMatchObject({ purged: 300, skipped: 0 });
  });

  it('goes on behind half a line, which a run that was killed has left', async () => {
    const input = ids(700).join('\n');
    const file = path.join(folder, 'purge.state');
    const args = ['user', '--file', '-', '--state', 'purge.state', '--json'];
    api.plan = (_, i) => (i > 0 ? { status: 400 } : undefined);
    await purge(args, { input });
    appendFileSync(file, '{"v":1,"batch":"3q');
    api.plan = (_, i) => (i === 4 ? { status: 400 } : undefined);
    expect((await purge(args, { input })).json()).toMatchObject({ purged: 256, skipped: 256 });
    expect((await purge(args, { input })).json()).toMatchObject({ ok: true, purged: 188, skipped: 512 });
  });

  it('purges nothing where it could not remember, and never takes a file of somebody’s own for its state', async () => {
    const own = path.join(folder, 'own.txt');
    writeFileSync(own, 'a line of mine, without its end');
    for (const state of ['.', 'no-such-folder/purge.state', 'own.txt']) {
      const run = await purge(['user', '42', '--state', state, '--json']);
      expect([run.status, run.json()]).toEqual([2, expect.objectContaining({ ok: false })]);
    }
    expect(api.calls).toHaveLength(0);
    expect(readFileSync(own, 'utf8')).toBe('a line of mine, without its end');
  });

  it('does not follow a redirect with the token', async () => {
    api.plan = () => ({ status: 307, headers: { location: `${api.url}/elsewhere` } });
    expect((await purge(['user', '42'])).status).toBe(1);
    expect(api.calls).toHaveLength(1);
  });

  it('prints keys and calls with --dry-run, without a token and without a call', async () => {
    const run = await purge(['user', '42', '--dry-run', '--json'], { env: { FASTLY_API_TOKEN: undefined } });
    expect(run.status).toBe(0);
    expect(run.json()).toMatchObject({
      keys: ['user:42'],
      calls: [{ method: 'POST', body: { surrogate_keys: ['user:42'] } }],
    });
    expect(api.calls).toHaveLength(0);
  });
});

describe('claimcache purge --all', () => {
  const path_ = () => `/service/${api.serviceId}/purge_all`;

  it('is refused without a terminal to ask on', async () => {
    expect((await purge(['--all'])).status).toBe(2);
    expect(api.calls).toHaveLength(0);
  });

  it('is done with --yes', async () => {
    expect((await purge(['--all', '--yes'])).status).toBe(0);
    expect(api.calls).toMatchObject([{ path: path_(), body: null }]);
  });

  it('asks on a terminal and takes nothing but yes', async () => {
    const terminal = { isInTty: true, isErrTty: true };
    expect((await purge(['--all'], { ...terminal, ask: async () => 'y' })).status).toBe(2);
    expect(api.calls).toHaveLength(0);
    expect((await purge(['--all'], { ...terminal, ask: async () => 'yes' })).status).toBe(0);
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])(
    `%s at the question purges nothing, and is told in words${TERMINAL_MISSING}`,
    async (_what, key) => {
      if (TERMINAL_MISSING !== '') return;
      const env = {
        ...process.env,
        FASTLY_API_TOKEN: api.token,
        FASTLY_SERVICE_ID: api.serviceId,
        FASTLY_API_ENDPOINT: api.url,
      };
      const command = `'${process.execPath}' '${path.join(root, 'cli/claimcache.mjs')}' purge --all`;
      const { status, output } = await run(command, {
        cwd: folder,
        env,
        typist: (printed) => (printed.includes('[yes/no]') ? key : null),
      });
      expect(status, output).toBe(130);
      expect(output).toMatch(/^error: Nothing was purged\.$/m);
      expect(output).not.toMatch(/^ +at /m);
      expect(api.calls).toHaveLength(0);
    },
    30_000,
  );
});

describe('claimcache purge, misused', () => {
  it.each([
    [['user'], 'No value'],
    [['user', '1', '2'], 'has 1 value'],
    [['nobody', '1'], 'no scope'],
    [['--route', 'ordrs'], 'no route'],
    [['--key', 'two words'], 'printable'],
    [['--all', 'user', '1'], 'stands alone'],
    [[], 'Nothing to purge'],
    [['--file', '-'], 'Nothing to purge'],
    [['user', '1.5e999', '--typed'], 'safe integer'],
    [['user', '9007199254740993', '--typed'], 'safe integer'],
    [['user', '{}', '--typed'], 'JSON string'],
    [['user', '--file', 'not-there'], 'cannot be read'],
    [['user', '1', '--service-id', 'a/../b'], 'service id'],
  ])('%j is a usage error', async (args, why) => {
    const run = await purge(args);
    expect(run.stderr).toContain(why);
    expect(run.status).toBe(2);
    expect(api.calls).toHaveLength(0);
  });

  it('refuses to send the token unencrypted to another machine', async () => {
    const run = await purge(['user', '1'], { env: { FASTLY_API_ENDPOINT: 'http://api.fastly.example' } });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('unencrypted');
  });

  it('reports an error as JSON with --json', async () => {
    const run = await purge(['user', '1', '--json'], { env: { FASTLY_API_TOKEN: ' ' } });
    expect(run.status).toBe(3);
    expect(run.json()).toMatchObject({ ok: false, error: { code: 'CLI_CONFIG' } });
  });
});
