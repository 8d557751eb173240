import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ensurePage } from '../../cli/console/ensure-page.ts';
import { root } from '../../scripts/root.ts';
import { liveState, countedRequests as requests } from '../support/live-state.ts';
import { runCli } from './support/run-cli.ts';

const LINE = JSON.stringify({
  v: 1,
  time: new Date().toISOString(),
  requestId: 'r',
  method: 'GET',
  route: 'orders',
  lane: 'scoped',
  state: 'HIT',
  reason: 'scope-verified',
  detail: 'fresh',
  status: 200,
  ageSeconds: 1,
  originMs: null,
  totalMs: 2,
});

let folder: string;
let child: ChildProcess | undefined;
beforeAll(ensurePage);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-console-'));
});
afterEach(async () => {
  if (child?.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  child = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** The command in a process of its own; its address. */
async function start(argv: string[], env: Record<string, string> = {}): Promise<URL> {
  const args = ['cli/claimcache.mjs', 'console', '--port', '0', ...argv];
  const running = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
  child = running;
  let text = '';
  running.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const address = () => /http:\/\/127\.0\.0\.1:\d+\/#key=[\w-]+/.exec(text)?.[0];
  await expect.poll(address).toBeDefined();
  return new URL(address() ?? '');
}

const keyOf = (url: URL) => url.hash.slice('#key='.length);

describe('claimcache console', () => {
  test('follows a file that grows', async () => {
    const file = path.join(folder, 'edge.log');
    writeFileSync(file, `${LINE}\n`);
    const url = await start(['--file', file]);
    await expect.poll(() => requests(url)).toBe(1);
    appendFileSync(file, `noise\n${LINE}\n`);
    await expect.poll(() => requests(url)).toBe(2);
  });

  test('reads the standard input, and shows its last state when that has ended', async () => {
    const url = await start([]);
    child?.stdin?.write(`claimcache :: ${LINE}\n`);
    await expect.poll(() => requests(url)).toBe(1);
    expect((await liveState(url)).isEnded).toBe(false);
    child?.stdin?.end(`${LINE}\n`);
    await expect.poll(async () => (await liveState(url)).isEnded).toBe(true);
    expect(await requests(url)).toBe(2);
    expect((await fetch(url.origin)).status).toBe(200);
  });

  test('purges at the service that it is told, with the operator’s token', async () => {
    const asked: unknown[] = [];
    const service: Server = createServer((request, response) => {
      asked.push([request.method, request.url, request.headers.authorization]);
      response.end('{"purged":["user:42"]}');
    }).listen(0, '127.0.0.1');
    await once(service, 'listening');
    const { port } = service.address() as AddressInfo;
    const env = { CLAIMCACHE_OPERATOR_TOKEN: 'token-of-the-operator' };
    const url = await start(['--local', `http://127.0.0.1:${port}`], env);
    const headers = { 'content-type': 'application/json', 'x-console-key': keyOf(url), origin: url.origin };
    const answer = await fetch(`${url.origin}/purge`, { method: 'POST', headers, body: '{}' });
    expect(await answer.text()).toBe('{"purged":["user:42"]}');
    expect(asked).toEqual([['POST', '/.edge/purge', 'Bearer token-of-the-operator']]);
    service.close();
    service.closeAllConnections();
  });

  test('ends where its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const args = ['cli/claimcache.mjs', 'console', '--file', 'package.json', '--port', String(port)];
    child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
    const [status] = await once(child, 'exit');
    expect(status).toBe(3);
    server.close();
  });

  test.each<[string, string[], number]>([
    ['no log', [], 2],
    ['a log that is not there', ['--file', 'none.log'], 2],
    ['a folder for a log', ['--file', 'docs'], 2],
    ['a store of Fastly\u2019s without a token', ['--file', 'package.json', '--config-store', 's'], 3],
    ['no port', ['--file', 'package.json', '--port', 'x'], 2],
    ['a token over plain http', ['--file', 'package.json', '--local', 'http://edge.example'], 2],
  ])('%s: it says so, and ends', async (_what, argv, status) => {
    const run = await runCli(['console', ...argv], { isInTty: true, cwd: root });
    expect([run.status, run.stderr]).toEqual([status, expect.stringMatching(/^error: .+\n {2}.+/)]);
  });
});
