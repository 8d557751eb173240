import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fastlyCli from '@fastly/cli';
import { serviceAsker } from '../cli/console/ask-service.ts';
import { type RunningConsole, startConsole } from '../cli/console/console-server.ts';
import { WEB_FOLDER } from '../demo/origin/web-folder.ts';
import { certificateEnv } from './certificates.ts';
import { demoKeys } from './demo-keys.ts';
import { demoManifest } from './demo-manifest.ts';
import { readEdgeOutput } from './edge-output.ts';
import { localWasm } from './local-wasm.ts';
import { isPortFree } from './ports.ts';
import { endGroup, signalGroup } from './processes.ts';
import { root } from './root.ts';
import { tour } from './tour.ts';
import { obtainViceroy } from './viceroy.ts';
import { waitForServer } from './wait-for-http.ts';

/**
 * `npm start`: the demo origin, the built service before it, and the console that follows the service's log. ORIGIN_PORT, EDGE_PORT and
 * CONSOLE_PORT move them.
 */
const children: ChildProcess[] = [];
let edgeConsole: RunningConsole | null = null;
let isEnding = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
process.on('exit', () => {
  for (const child of children) signalGroup(child, 'SIGKILL');
});

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await end(1);
}

async function run(): Promise<void> {
  const edgePort = await chosenPort('EDGE_PORT', 7676, 'the edge');
  const originPort = await chosenPort('ORIGIN_PORT', 8091, 'the demo origin');
  const consolePort = await chosenPort('CONSOLE_PORT', 7677, 'the console');
  const viceroy = await obtainViceroy();
  const originUrl = `http://127.0.0.1:${originPort}`;
  const edgeUrl = `http://127.0.0.1:${edgePort}`;

  const { operatorToken } = await demoKeys();
  const wasm = path.relative(root, await localWasm(path.join(root, 'bin/main.wasm')));
  edgeConsole = await startConsole({
    port: consolePort,
    folder: WEB_FOLDER,
    askService: serviceAsker(fetch, edgeUrl, operatorToken),
  });
  const origin = start(
    'The demo origin',
    process.execPath,
    ['--import', './scripts/tsx.mjs', 'demo/origin/main.ts'],
    {
      ORIGIN_PORT: String(originPort),
      EDGE_URL: edgeUrl,
      CONSOLE_URL: edgeConsole.url,
    },
  );
  await waitForServer({ name: 'The demo origin', child: origin, url: `${originUrl}/__origin/requests` });

  writeFileSync(path.join(root, 'fastly.demo.toml'), demoManifest(originUrl));
  const flags = ['--non-interactive', '--env', 'demo', '--viceroy-path', viceroy];
  const edge = start(
    'The edge',
    fastlyCli,
    ['compute', 'serve', ...flags, '--file', wasm, '--addr', `127.0.0.1:${edgePort}`],
    {
      // Nothing is built here, and nothing is to be reported about it.
      FASTLY_WASM_METADATA_DISABLE: 'true',
    },
    'pipe',
  );
  if (edge.stdout !== null) readEdgeOutput(edge.stdout, edgeConsole.read);
  await waitForServer({
    name: 'The edge',
    child: edge,
    url: `${edgeUrl}/.edge/health`,
    work: 'compiles the service',
  });
  // Viceroy has asked for `/` to see whether the origin is up: the count begins now.
  await fetch(`${originUrl}/__origin/reset`, { method: 'POST' });
  console.log(await tour(edgeUrl, originUrl, edgeConsole.url));
}

async function chosenPort(variable: string, fallback: number, whose: string): Promise<number> {
  const port = Number(process.env[variable] || fallback);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${variable} is not a port number.`);
  if (await isPortFree(port)) return port;
  throw new Error(`Port ${port} for ${whose} is taken. Choose another: ${variable}=${port + 1} npm start`);
}

/** In a process group of its own, so that it ends with everything it starts. */
function start(
  name: string,
  command: string,
  args: string[],
  env: Record<string, string>,
  stdout: 'inherit' | 'pipe' = 'inherit',
): ChildProcess {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...certificateEnv(), ...env },
    detached: true,
    stdio: ['ignore', stdout, 'inherit'],
  });
  children.push(child);
  child.once('error', (error) => console.error(`${name} could not be started: ${error.message}`));
  child.once('exit', () => {
    if (!isEnding) console.error(`${name} has ended.`);
    void end(1);
  });
  return child;
}

async function end(status: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await Promise.all([edgeConsole?.stop(), ...children.map(endGroup)]);
  process.exit(status);
}
