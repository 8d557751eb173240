import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { replaceConfigFile } from '../../cli/base/replace-config-file.ts';
import { freePort } from '../../cli/dev/local-server/ports.ts';
import { endGroup, signalGroup } from '../../cli/dev/local-server/processes.ts';
import { waitForServer } from '../../cli/dev/local-server/wait-for-http.ts';
import { certificateEnv } from '../../scripts/certificates.ts';
import { obtainViceroy } from '../../scripts/viceroy.ts';

export interface ViceroyOptions {
  /** Path of the service, with or without the local readthrough cache. */
  readonly wasm: string;
  /** Text of the manifest, whose Config Store is the file `config.json` beside it. */
  readonly manifest: string;
  /** Text of the Config Store. */
  readonly config: string;
  readonly onStdout: (text: string) => void;
  readonly onStderr: (text: string) => void;
  /** It tells of each request, its heap among other things. */
  readonly verbose?: boolean;
  /** Its `RUST_LOG`. */
  readonly trace?: string;
  /** Where the ports to try come from. Default: free ones. */
  readonly choosePort?: () => Promise<number>;
}

export interface RunningViceroy {
  readonly url: string;
  readonly pid: number;
  /** The file of the Config Store: see `replaceConfig`. */
  readonly configFile: string;
  /** It uses no CPU until it goes on. Windows cannot do that: there it runs on. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** It is bound after the service has been compiled, and somebody else may have come first. */
const BIND_TRIES = 3;
const BIND_FAILED = /error binding to|address already in use/i;

/** Viceroy on a free port of 127.0.0.1, once it answers. */
export async function startViceroy(options: ViceroyOptions): Promise<RunningViceroy> {
  for (let tries = 1; ; tries++) {
    const started = await tryViceroy(options);
    if ('url' in started) return started;
    if (tries === BIND_TRIES || !BIND_FAILED.test(started.message)) throw started;
  }
}

/** Replaces the items of a Config Store, where they differ. */
export async function replaceConfig(file: string, text: string): Promise<void> {
  if (readFileSync(file, 'utf8') !== text) await replaceConfigFile(file, text);
}

async function tryViceroy(options: ViceroyOptions): Promise<RunningViceroy | Error> {
  const viceroy = await obtainViceroy();
  const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-edge-'));
  const manifest = path.join(folder, 'fastly.toml');
  const configFile = path.join(folder, 'config.json');
  writeFileSync(manifest, options.manifest);
  writeFileSync(configFile, options.config);
  const address = `127.0.0.1:${await (options.choosePort ?? freePort)()}`;

  const child = spawn(
    viceroy,
    [...(options.verbose ? ['-v'] : []), '--addr', address, '-C', manifest, options.wasm],
    {
      cwd: folder,
      env: { ...process.env, ...certificateEnv(), ...rustLog(options) },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const forget = killAtExit(() => signalGroup(child, 'SIGKILL'));
  /** What it printed before it answered. */
  let printed = '';
  let listens = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!listens) printed += text;
    listens ||= printed.includes(`Listening on http://${address}`);
    options.onStdout(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (!listens) printed += text;
    options.onStderr(text);
  });
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  const stop = async () => {
    forget();
    // A signal to end is not heard by who is paused.
    signalGroup(child, 'SIGCONT');
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
    return new Error(`${message}\n${printed}`, { cause: failure ?? error });
  }
  return {
    url,
    pid: child.pid ?? 0,
    configFile,
    pause: () => void signalGroup(child, 'SIGSTOP'),
    resume: () => void signalGroup(child, 'SIGCONT'),
    stop,
  };
}

const kills = new Set<() => void>();
process.once('exit', () => {
  for (const kill of kills) kill();
});

/** Returns what takes it back. */
function killAtExit(kill: () => void): () => void {
  kills.add(kill);
  return () => void kills.delete(kill);
}

/** Viceroy says where it listens, and nothing else: that it does is the sign that it has the port. */
function rustLog({ trace, verbose }: ViceroyOptions): { RUST_LOG?: string } {
  if (trace !== undefined) return { RUST_LOG: trace };
  return verbose ? {} : { RUST_LOG: 'viceroy_lib::service=info' };
}
