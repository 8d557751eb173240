import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { signalGroup } from '../../../cli/dev/local-server/processes.ts';

export interface Run {
  readonly status: number | null;
  /** Without colours and the like. */
  readonly output: string;
}

/** What is typed at a prompt, from what was printed since the last answer; null: that is no prompt. */
export type Typist = (printed: string) => string | null;

interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** On a terminal, since a secret is only ever read from one. */
  readonly typist?: Typist;
}

/** A secret is read from a terminal alone; util-linux has the command that gives one. */
export const TERMINAL_MISSING =
  process.platform === 'linux' && existsSync('/usr/bin/script')
    ? ''
    : ' (skipped: needs `script` of util-linux)';

const MAX_RUN_MS = 300_000;
/** The command prints its prompt first, and then keeps the terminal from showing what is typed. */
const TYPING_MS = 300;

/** Runs a command line to its end; one that waits for an answer that does not come is ended. */
export async function run(command: string, { cwd, env, typist }: RunOptions): Promise<Run> {
  const [file, args] =
    typist === undefined ? ['sh', ['-c', command]] : ['script', ['-qfec', command, '/dev/null']];
  const child = spawn(file as string, args as string[], { cwd, env, detached: true, stdio: 'pipe' });
  let output = '';
  let since = 0;
  const hear = (chunk: string) => {
    output += plain(chunk);
    const answer = typist?.(output.slice(since)) ?? null;
    if (answer === null) return;
    since = output.length;
    setTimeout(() => child.stdin.write(`${answer}\r`), TYPING_MS);
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), MAX_RUN_MS);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  return { status, output };
}

const plain = (text: string) => stripVTControlCharacters(text).replaceAll('\r', '');
