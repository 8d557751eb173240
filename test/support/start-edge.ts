import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../cli/dev/local-server/ports.ts';
import { endGroup, signalGroup } from '../../cli/dev/local-server/processes.ts';
import { waitForServer } from '../../cli/dev/local-server/wait-for-http.ts';
import { certificateEnv } from '../../scripts/certificates.ts';
import type { LocalKeys } from '../../scripts/local-keys.ts';
import { obtainViceroy } from '../../scripts/viceroy.ts';
import type { LogRecord } from '../../src/request/log-record.ts';
import { siteKeys } from '../site/keys.ts';
import { buildService, SITE_SERVICE } from './build-service.ts';
import { configItems, type EdgeSettings, edgeManifest } from './edge-manifest.ts';
import { type TestEngine, testEngine, wasmFor } from './test-engine.ts';

const LOG_PREFIX = 'claimcache :: ';

export interface RunningEdge {
  readonly url: string;
  /** Of Viceroy. */
  readonly pid: number;
  /**
   * The lines written so far to the log endpoint `claimcache`. A line may come shortly after its response; the first
   * is that of the health check which waited for the start.
   */
  logs(): LogRecord[];
  /** Replaces the items of the Config Store, which the running service then reads. */
  configure(config: Readonly<Record<string, string>>): void;
  /** The Config Store cannot be read, until it is configured again. */
  breakConfig(): void;
  /** Everything that Viceroy and the service printed, for a failing test. */
  output(): string;
  stop(): Promise<void>;
}

export interface StartEdgeOptions extends EdgeSettings {
  /** Path of the service. Default: the test site's, which is built where it is not there. */
  readonly wasm?: string;
  /** What the local stores hold. Default: the keys of the test site. */
  readonly keys?: LocalKeys;
  /** Default: the one of this run, see test-engine.ts. */
  readonly engine?: TestEngine;
  /** false: of what the service logs nothing is kept, for a million requests. Default: true. */
  readonly keepLogs?: boolean;
  /** Takes each line of the log endpoint as it comes. */
  readonly onLog?: (line: string) => void;
  /** Viceroy tells of each request, its heap among other things. */
  readonly verbose?: boolean;
  /** `RUST_LOG` of Viceroy. */
  readonly trace?: string;
  /** Where the ports to try come from. Default: free ones. */
  readonly choosePort?: () => Promise<number>;
}

/** It is bound after the service has been compiled, and somebody else may have come first. */
const BIND_TRIES = 3;
const BIND_FAILED = /error binding to|address already in use/i;

/** A service in Viceroy, on a free port of 127.0.0.1, with an empty cache of its own. */
export async function startEdge(options: StartEdgeOptions): Promise<RunningEdge> {
  for (let tries = 1; ; tries++) {
    const started = await tryEdge(options);
    if ('url' in started) return started;
    if (tries === BIND_TRIES || !BIND_FAILED.test(started.message)) throw started;
  }
}

async function tryEdge(options: StartEdgeOptions): Promise<RunningEdge | Error> {
  const viceroy = await obtainViceroy();
  const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-edge-'));
  const manifest = path.join(folder, 'fastly.toml');
  const keys = options.keys ?? (await siteKeys());
  const writeConfig = (text: string) => writeFileSync(path.join(folder, 'config.json'), text);
  const configure = (config: Readonly<Record<string, string>> = {}) =>
    writeConfig(JSON.stringify(configItems({ config }, keys)));
  configure(options.config);
  writeFileSync(manifest, edgeManifest(options, keys));
  const address = `127.0.0.1:${await (options.choosePort ?? freePort)()}`;
  const wasm = await wasmFor(
    options.engine ?? testEngine(),
    options.wasm ?? (await buildService(SITE_SERVICE)),
  );

  const child = spawn(
    viceroy,
    [...(options.verbose ? ['-v'] : []), '--addr', address, '-C', manifest, wasm],
    {
      cwd: folder,
      env: { ...process.env, ...certificateEnv(), ...rustLog(options) },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const kill = () => signalGroup(child, 'SIGKILL');
  process.once('exit', kill);
  let stdout = '';
  let stderr = '';
  let listens = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (options.keepLogs !== false || !listens) stdout += text;
    listens ||= stdout.includes(`Listening on http://${address}`);
  });
  if (options.onLog) createInterface({ input: child.stdout }).on('line', options.onLog);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  const stop = async () => {
    process.off('exit', kill);
    await endGroup(child);
    rmSync(folder, { recursive: true, force: true });
  };

  const url = `http://${address}`;
  try {
    await waitForServer({
      name: 'Viceroy',
      child,
      url: `${url}/.edge/health`,
      work: 'compiles the service',
      saysItListens: () => listens,
    });
  } catch (error) {
    await stop();
    const message = error instanceof Error ? error.message : String(error);
    return new Error(`${message}\n${stdout}${stderr}`, { cause: failure ?? error });
  }
  return {
    url,
    pid: child.pid ?? 0,
    logs: () => parseLogs(stdout),
    configure,
    breakConfig: () => writeConfig('{'),
    output: () => stdout + stderr,
    stop,
  };
}

/** Viceroy says where it listens, and nothing else: that it does is the sign that it has the port. */
function rustLog({ trace, verbose }: StartEdgeOptions): { RUST_LOG?: string } {
  if (trace !== undefined) return { RUST_LOG: trace };
  return verbose ? {} : { RUST_LOG: 'viceroy_lib::service=info' };
}

function parseLogs(stdout: string): LogRecord[] {
  // The last piece may be half a line.
  const lines = stdout.split('\n').slice(0, -1);
  return lines
    .filter((line) => line.startsWith(LOG_PREFIX))
    .map((line) => JSON.parse(line.slice(LOG_PREFIX.length)) as LogRecord);
}
