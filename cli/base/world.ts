import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import type { Environment } from './environment.ts';

/** Where a command reads and writes. Tests hand in their own. */
export interface World {
  readonly env: Environment;
  readonly cwd: string;
  readonly stdin: Readable;
  /** Results. */
  out(text: string): void;
  /** Everything that is not the result: progress, warnings, questions. */
  err(text: string): void;
  readonly isOutTty: boolean;
  readonly isErrTty: boolean;
  readonly isInTty: boolean;
  readonly columns: number;
  /** Colours for `out`; plain text off a terminal and with NO_COLOR. */
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly fetch: typeof fetch;
  nowMs(): number;
  sleepMs(durationMs: number): Promise<void>;
  /** 0 up to 1, for the jitter of retries. */
  random(): number;
  /** null: whoever was asked has ended the command instead (Ctrl-C, Ctrl-D). */
  ask(question: string): Promise<string | null>;
}

/** The world of a process. */
export function processWorld(): World {
  const { env, stdin, stdout, stderr } = process;
  const wantsColor = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  return {
    env,
    cwd: process.cwd(),
    stdin,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isOutTty: stdout.isTTY === true,
    isErrTty: stderr.isTTY === true,
    isInTty: stdin.isTTY === true,
    columns: stdout.columns ?? 100,
    colors: pc.createColors(wantsColor),
    fetch,
    nowMs: () => Date.now(),
    sleepMs: (durationMs) => sleep(durationMs),
    random: () => Math.random(),
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr });
      // The end of the input closes the interface, and its question is never answered.
      const closed = once(lines, 'close').then(() => null);
      // Ctrl-C: the terminal is in the interface's hands, and sends no signal.
      const answer = await Promise.race([lines.question(question).catch(() => null), closed]);
      lines.close();
      if (answer === null) stderr.write('\n');
      return answer;
    },
  };
}
