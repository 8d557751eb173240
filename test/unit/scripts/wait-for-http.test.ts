import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../../cli/dev/local-server/ports.ts';
import { cpuMsOfGroup, groupListensOn } from '../../../cli/dev/local-server/process-group.ts';
import { signalGroup } from '../../../cli/dev/local-server/processes.ts';
import { waitForServer } from '../../../cli/dev/local-server/wait-for-http.ts';

const children: ChildProcess[] = [];
const strangers: Server[] = [];

afterEach(() => {
  for (const child of children.splice(0)) signalGroup(child, 'SIGKILL');
  for (const stranger of strangers.splice(0)) stranger.close();
  vi.restoreAllMocks();
});

/** Node, with this program. */
function run(program: string): ChildProcess {
  const child = spawn(process.execPath, ['-e', program], { detached: true, stdio: 'ignore' });
  children.push(child);
  return child;
}

const listenOn = (port: number) =>
  `require('node:http').createServer((_, response) => response.end('own')).listen(${port}, '127.0.0.1')`;

/** Another server at that port, which answers everything. */
async function strangerAt(port: number): Promise<void> {
  const stranger = createServer((_, response) => response.end('stranger')).listen(port, '127.0.0.1');
  strangers.push(stranger);
  await once(stranger, 'listening');
}

const serverAt = (port: number, child: ChildProcess) => ({
  name: 'The server',
  child,
  url: `http://127.0.0.1:${port}/`,
});

describe('a server that is waited for', () => {
  it('is there when it answers, whatever it answers', async () => {
    const port = await freePort();
    const child = run(listenOn(port).replace('response.end', 'response.writeHead(500).end'));
    await expect(waitForServer(serverAt(port, child))).resolves.toBeUndefined();
  });

  it('that ends is no longer waited for', async () => {
    const port = await freePort();
    await expect(waitForServer(serverAt(port, run('process.exit(3)')))).rejects.toThrow('has ended before');
  });

  it.runIf(process.platform === 'linux')('does not become another by an answer from its port', async () => {
    const port = await freePort();
    await strangerAt(port);
    // It cannot have the port either, and ends.
    await expect(waitForServer(serverAt(port, run(listenOn(port))))).rejects.toThrow('has ended before');
  });

  it('is there only when it has said that it listens, where it says so', async () => {
    const port = await freePort();
    await strangerAt(port);
    let said = false;
    const child = run('setTimeout(() => {}, 600_000)');
    const limits = { idleMs: 60_000, totalMs: 1500 };
    await expect(
      waitForServer({ ...serverAt(port, child), saysItListens: () => said, limits }),
    ).rejects.toThrow('does not answer');
    said = true;
    await expect(
      waitForServer({ ...serverAt(port, child), saysItListens: () => said }),
    ).resolves.toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('has time for as long as it uses CPU, and no longer', async () => {
    const port = await freePort();
    const print = vi.spyOn(console, 'error').mockImplementation(() => {});
    // It works for five seconds before it listens: longer than it may do nothing.
    const busy = run(`const end = Date.now() + 5000; while (Date.now() < end); ${listenOn(port)}`);
    const limits = { idleMs: 2500, totalMs: 60_000, tellMs: 500 };
    await waitForServer({ ...serverAt(port, busy), work: 'compiles the service', limits });
    expect(print.mock.calls.flat().join('\n')).toMatch(
      /The server does not answer yet: it still compiles the service \(\d+ s\)\./,
    );
    const idle = run('setTimeout(() => {}, 600_000)');
    await expect(waitForServer({ ...serverAt(port + 1, idle), limits })).rejects.toThrow(
      'has done nothing for 2.5 s',
    );
  });
});

describe.runIf(process.platform === 'linux')('a process group', () => {
  it('uses CPU with all its processes', async () => {
    const spin = 'while (process.cpuUsage().user < 3_000_000);';
    const child = run(
      `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(spin)}])`,
    );
    const used = () => cpuMsOfGroup(child.pid ?? 0) ?? 0;
    await expect.poll(used, { timeout: 30_000 }).toBeGreaterThan(500);
    expect(cpuMsOfGroup(2 ** 22 + 1)).toBe(0);
  });

  it('listens where one of its processes does', async () => {
    const [own, other] = [await freePort(), await freePort()];
    await strangerAt(other);
    const child = run(
      `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(listenOn(own))}])`,
    );
    await expect.poll(() => groupListensOn(child.pid ?? 0, own), { timeout: 30_000 }).toBe(true);
    expect(groupListensOn(child.pid ?? 0, other)).toBe(false);
  });
});
