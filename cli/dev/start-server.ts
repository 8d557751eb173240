import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../base/cli-error.ts';
import { certificateEnvIn } from './local-server/certificates.ts';
import { freePort } from './local-server/ports.ts';
import { endGroup } from './local-server/processes.ts';
import { waitForServer } from './local-server/wait-for-http.ts';
import { type OutputReader, readOutput } from './read-output.ts';
import { startGroup } from './run-tool.ts';

export interface LocalServerOptions {
  readonly viceroy: string;
  readonly wasm: string;
  readonly manifest: string;
  /** Where Viceroy is started, and certificates are put where the system has none. */
  readonly folder: string;
  readonly reader: OutputReader;
  readonly tell: (text: string) => void;
}

export interface LocalServer {
  readonly port: number;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * A service in Viceroy on a port of its own, with an empty cache; resolves when it answers.
 *
 * @throws {CliError} CLI_FAILED with what Viceroy said.
 */
export async function startServer(options: LocalServerOptions, signal: AbortSignal): Promise<LocalServer> {
  signal.throwIfAborted();
  const port = await freePort();
  const child = startGroup(
    options.viceroy,
    ['--addr', `127.0.0.1:${port}`, '-C', options.manifest, options.wasm],
    {
      cwd: options.folder,
      env: { ...certificateEnvIn(options.folder), RUST_LOG: 'viceroy_lib::service=info' },
    },
  );
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => resolve()).once('error', () => resolve()),
  );
  const stop = async () => {
    await endGroup(child);
    await Promise.race([ended, sleep(1000)]);
  };
  const said: string[] = [];
  let hasStarted = false;
  const other = (line: string) => (hasStarted ? options.reader.other(line) : void said.push(line));
  if (child.stdout) readOutput(child.stdout, { record: options.reader.record, other });
  if (child.stderr) readOutput(child.stderr, { record: options.reader.record, other });
  const abort = () => void stop();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await waitForServer({
      name: 'The local server',
      child,
      url: `http://127.0.0.1:${port}/.edge/health`,
      work: 'compiles the service',
      tell: options.tell,
    });
  } catch (cause) {
    await stop();
    signal.throwIfAborted();
    throw new CliError(
      'CLI_FAILED',
      [cause instanceof Error ? cause.message : String(cause), ...said.slice(-20)].join('\n'),
      'What Viceroy says stands above: mostly it is about fastly.toml.',
      { cause },
    );
  } finally {
    signal.removeEventListener('abort', abort);
  }
  hasStarted = true;
  return { port, ended, stop };
}
