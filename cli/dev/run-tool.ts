import { type ChildProcess, spawn } from 'node:child_process';
import { endGroup, signalGroup } from './local-server/processes.ts';

export interface ToolRun {
  readonly isOk: boolean;
  /** What it printed, on both streams. */
  readonly output: string;
}

/** Processes that this one has started, each in a group of its own: none outlives it. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL');
});

/** Starts a process in a group of its own, so that it ends with everything it starts. */
export function startGroup(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Record<string, string>; readonly isShell?: boolean },
): ChildProcess {
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    detached: true,
    shell: options.isShell ?? false,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('error', () => running.delete(child)).once('close', () => running.delete(child));
  return child;
}

/** Runs a command line to its end, or ends it with the signal. */
export async function runTool(
  commandLine: string,
  options: { readonly cwd: string; readonly env?: Record<string, string> },
  signal: AbortSignal,
): Promise<ToolRun> {
  signal.throwIfAborted();
  const child = startGroup(commandLine, [], { ...options, isShell: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const end = () => void endGroup(child);
  signal.addEventListener('abort', end, { once: true });
  const status = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      resolve(null);
    });
    child.once('close', resolve);
  });
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  return { isOk: status === 0, output };
}
