import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { processWorld } from '../cli/base/world.ts';
import { openDev } from '../cli/dev/dev-session.ts';
import { isPortFree } from '../cli/dev/local-server/ports.ts';
import { endGroup, signalGroup } from '../cli/dev/local-server/processes.ts';
import { waitForServer } from '../cli/dev/local-server/wait-for-http.ts';
import { demoKeys } from './demo-keys.ts';
import { root } from './root.ts';
import { tour } from './tour.ts';
import { obtainViceroy } from './viceroy.ts';

/**
 * `npm start`: `claimcache dev` of the demo's service, and the demo's origin behind it. ORIGIN_PORT, EDGE_PORT and CONSOLE_PORT move them.
 */
const signal = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => signal.abort());

try {
  await run();
} catch (error) {
  if (!signal.signal.aborted) {
    const { message, fix } = error as { message?: string; fix?: string };
    console.error([message ?? error, fix].filter(Boolean).join('\n'));
    process.exitCode = 1;
  }
}

async function run(): Promise<void> {
  const originPort = portOf('ORIGIN_PORT', 8091);
  if (!(await isPortFree(originPort))) {
    throw new Error(
      `Port ${originPort} for the demo origin is taken. Choose another: ORIGIN_PORT=${originPort + 1} npm start`,
    );
  }
  const originUrl = `http://127.0.0.1:${originPort}`;
  await demoKeys();
  const session = await openDev({
    world: processWorld(),
    folder: root,
    origin: originUrl,
    port: portOf('EDGE_PORT', 7676),
    consolePort: portOf('CONSOLE_PORT', 7677),
    isJson: false,
    homePath: '/app/',
    portFlags: { port: 'EDGE_PORT=% npm start', consolePort: 'CONSOLE_PORT=% npm start' },
  });
  let origin: ChildProcess | null = null;
  try {
    // The ports are taken by now: one that is not free was told before anything is built.
    buildPages();
    // The one that the tests use, too: it takes long to build.
    process.env.VICEROY = await obtainViceroy();
    origin = startOrigin(originPort, session.url, session.consoleUrl);
    await waitForServer({ name: 'The demo origin', child: origin, url: `${originUrl}/__origin/requests` });
    await session.run(signal.signal, async () => {
      // Viceroy has asked for `/` to see whether the origin is up: the count begins now.
      await fetch(`${originUrl}/__origin/reset`, { method: 'POST' });
      console.log(await tour(session.url, originUrl, session.consoleUrl));
    });
  } finally {
    await Promise.all([session.stop(), origin === null ? null : endGroup(origin)]);
  }
}

function portOf(variable: string, fallback: number): number {
  const port = Number(process.env[variable] || fallback);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${variable} is not a port number.`);
  return port;
}

/** The pages of the demo, which its origin serves. */
function buildPages(): void {
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'demo/web'], {
    cwd: root,
    stdio: 'inherit',
  });
}

/** In a process group of its own, so that it ends with everything it starts. */
function startOrigin(port: number, edgeUrl: string, consoleUrl: string): ChildProcess {
  const child = spawn(process.execPath, ['--import', './scripts/tsx.mjs', 'demo/origin/main.ts'], {
    cwd: root,
    env: { ...process.env, ORIGIN_PORT: String(port), EDGE_URL: edgeUrl, CONSOLE_URL: consoleUrl },
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.on('exit', () => signalGroup(child, 'SIGKILL'));
  child.once('exit', () => {
    if (signal.signal.aborted) return;
    console.error('The demo origin has ended.');
    process.exitCode = 1;
    signal.abort();
  });
  return child;
}
