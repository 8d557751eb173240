import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../../../scripts/root.ts';
import { runCli } from '../support/run-cli.ts';

/** `claimcache dev` as a process, with a build that takes no time; the wasm is a text, and Viceroy a stand-in that answers with it. */
let folder: string;
let dev: ChildProcess;
let ended: Promise<unknown>;
let url: string;
const events: { event: string; [fact: string]: unknown }[] = [];

const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
const policy = (name: string) => `export default {
  origins: { app: { backend: 'origin' } }, routes: { ${name}: { path: '/${name}', lane: 'public' } } };`;
/** Where a command of that folder would send an order for the service on this machine. */
async function localService(...args: string[]): Promise<string> {
  const run = await runCli(['purge', '--key', 'a', '--dry-run', '--json', ...args], { cwd: folder });
  const [call] = run.json<{ calls: { url: string }[] }>().calls;
  return call?.url ?? '';
}
/** On a connection of its own: one that is kept alive is closed where it rests, not in the middle of an answer. */
const ask = async (target = '/') =>
  (await fetch(`${url}${target}`, { headers: { connection: 'close' } })).text();
const count = (event: string) => events.filter((one) => one.event === event).length;
const last = (event: string) => events.findLast((one) => one.event === event);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-dev-'));
  mkdirSync(path.join(folder, 'src'));
  write('package.json', '{"type":"module"}');
  write('src/policy.ts', policy('first'));
  write('src/handlers.ts', '// one');
  write('webpack.config.cjs', '// one');
  write('fastly.toml', '# mine\nname = "site"\n[scripts]\nbuild = "node build.mjs"\n');
  write(
    'build.mjs',
    `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const text = readFileSync('src/handlers.ts', 'utf8');
if (text.includes('BROKEN')) { console.error('Unexpected token'); process.exit(1); }
mkdirSync('bin', { recursive: true });
writeFileSync('bin/main.wasm', text);`,
  );
  dev = spawn(
    process.execPath,
    [path.join(root, 'cli/claimcache.mjs'), 'dev', '--json', '--port', '0', '--console-port', '0'],
    {
      cwd: folder,
      env: { ...process.env, VICEROY: path.join(import.meta.dirname, 'support/viceroy.mjs') },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    },
  );
  ended = once(dev, 'close');
  if (dev.stdout) createInterface({ input: dev.stdout }).on('line', (line) => events.push(JSON.parse(line)));
});
afterAll(async () => {
  dev?.kill('SIGKILL');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

it('adds to fastly.toml what the policy needs, without a second start for it', async () => {
  await expect.poll(() => count('ready')).toBe(1);
  url = String(last('ready')?.url);
  expect(readFileSync(path.join(folder, 'fastly.toml'), 'utf8')).toMatch(
    /^# mine\n[\s\S]*\[local_server\.backends\.origin\]/,
  );
  expect(existsSync(path.join(folder, '.claimcache/operator_token'))).toBe(true);
  expect(await ask()).toBe('// one');
  expect(last('ready')).toMatchObject({
    isAgain: false,
    curl: `curl -i ${url}/first`,
    watched: ['src', 'webpack.config.cjs', 'fastly.toml'],
  });
  expect(events.some(({ text }) => String(text).startsWith('Changed'))).toBe(false);
});

it('--local of every command finds it on its port', async () => {
  expect(await localService('--local')).toBe(`${url}/.edge/purge`);
  const named = 'http://127.0.0.1:9';
  expect(await localService('--local', named)).toBe(`${named}/.edge/purge`);
  const record = path.join(folder, '.claimcache/dev/running.json');
  const written = readFileSync(record, 'utf8');
  // One that was killed leaves its record behind, and one that somebody has changed names no other machine.
  for (const stale of [
    '{"url":"http://127.0.0.1:9","pid":999999999}',
    '{"url":"http://evil.test:80","pid":1}',
    '{',
  ]) {
    writeFileSync(record, stale);
    expect(await localService('--local')).toBe('http://127.0.0.1:7676/.edge/purge');
  }
  writeFileSync(record, written);
});

it('tells each request with its path, and not its own health checks', async () => {
  await ask('/orders?token=a-token');
  await expect.poll(() => last('request')).toMatchObject({ path: '/orders', lane: 'public', state: 'MISS' });
  expect(events.filter(({ path: asked }) => asked === '/.edge/health')).toEqual([]);
  expect(JSON.stringify(events)).not.toContain('a-token');
});

it('keeps the old service where the new one does not build, and has the new one when it does', async () => {
  write('src/handlers.ts', 'BROKEN');
  await expect.poll(() => count('failed')).toBe(1);
  expect(last('failed')).toMatchObject({
    code: 'CLI_FAILED',
    message: expect.stringContaining('Unexpected token'),
  });
  expect(await ask()).toBe('// one');
  write('src/handlers.ts', '// two');
  await expect.poll(() => count('ready')).toBe(2);
  expect(await ask()).toBe('// two');
});

it('keeps the old service where the policy must not be deployed, and shows the new routes when it may', async () => {
  write('src/policy.ts', "export default { origins: {}, routes: { a: { path: '/a', scope: 'nobody' } } };");
  await expect.poll(() => count('failed')).toBe(2);
  expect(last('failed')).toMatchObject({ code: 'CLI_POLICY', isServed: true });
  expect(await ask()).toBe('// two');
  write('src/policy.ts', policy('second'));
  await expect.poll(() => count('ready')).toBe(3);
  expect(last('ready')).toMatchObject({ isAgain: true, routes: [{ path: '/second' }, { name: 'default' }] });
});

it('answers every request while one service takes the place of another', async () => {
  let isDone = false;
  const answers = (async () => {
    const got = new Set<string>();
    while (!isDone) got.add(await ask());
    return got;
  })();
  write('src/handlers.ts', '// three');
  await expect.poll(() => count('ready')).toBe(4);
  isDone = true;
  expect([...(await answers)].filter((text) => text !== '// two' && text !== '// three')).toEqual([]);
});

it('starts again without a build where fastly.toml alone has changed', async () => {
  write('bin/main.wasm', 'built before');
  write('fastly.toml', `${readFileSync(path.join(folder, 'fastly.toml'), 'utf8')}# more\n`);
  await expect.poll(() => count('ready')).toBe(5);
  expect(await ask()).toBe('built before');
});

it('starts again without a build where a local secret has changed, and tells of one with a line break', async () => {
  write('bin/main.wasm', 'built before the secret');
  write('.claimcache/operator_token', 'another operator token');
  await expect.poll(() => count('ready')).toBe(6);
  expect(await ask()).toBe('built before the secret');
  expect(events).toContainEqual({ event: 'note', text: 'Changed: .claimcache/operator_token' });

  const provider = `{ algorithms: ['HS256'], keys: { secretStore: 'claimcache_secrets', item: 'token_key', format: 'raw' } }`;
  const scoped = `scopes: { user: { claims: 'sub' } }, routes: { a: { path: '/a', scope: 'user' } }`;
  write(
    'src/policy.ts',
    `export default { origins: { app: { backend: 'origin' } }, providers: { own: ${provider} }, ${scoped} };`,
  );
  await expect.poll(() => count('ready')).toBe(7);
  const notes = () => events.map(({ text }) => String(text));
  expect(notes()).toContainEqual(
    expect.stringMatching(/^\.claimcache\/token_key is random: write the secret/),
  );
  // A file that dev has made itself is watched as well.
  const secret = 's'.repeat(32);
  write('.claimcache/token_key', `${secret}\n`);
  await expect.poll(() => count('ready')).toBe(8);
  expect(notes()).toContainEqual(
    expect.stringMatching(/^\.claimcache\/token_key ends in a line break, .*printf %s "\$JWT_SECRET" > /),
  );
  expect(JSON.stringify(events)).not.toContain(secret);
});

it('ends everything that it has started with Ctrl-C', async () => {
  process.kill(-(dev.pid ?? 0), 'SIGINT');
  await ended;
  expect(dev.exitCode).toBe(0);
  await expect(ask()).rejects.toThrow();
  expect(existsSync(path.join(folder, '.claimcache/dev/running.json'))).toBe(false);
  if (process.platform !== 'linux') return;
  const { readdirSync } = await import('node:fs');
  const left = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
  expect(left).toEqual([]);
});
