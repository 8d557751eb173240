import { Readable } from 'node:stream';
import pc from 'picocolors';
import type { World } from '../../../cli/base/world.ts';
import { main } from '../../../cli/main.ts';
import { SITE } from '../../site/keys.ts';

export interface CliRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Every pause, in milliseconds. Nothing is slept in a test. */
  readonly slept: readonly number[];
  json<T = Record<string, unknown>>(): T;
}

export interface CliRunOptions extends Partial<World> {
  readonly input?: string;
}

/** Runs one command line in this process, in the folder of the test site, with real network and files, without real pauses. */
export async function runCli(argv: readonly string[], options: CliRunOptions = {}): Promise<CliRun> {
  const { input = '', ...world } = options;
  let stdout = '';
  let stderr = '';
  const slept: number[] = [];
  const status = await main(argv, {
    env: {},
    cwd: SITE,
    stdin: Readable.from([input]),
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    isOutTty: false,
    isErrTty: false,
    isInTty: false,
    columns: 100,
    colors: pc.createColors(false),
    fetch,
    nowMs: () => Date.now(),
    sleepMs: async (durationMs) => void slept.push(durationMs),
    random: () => 1,
    ask: async () => {
      throw new Error('no question was expected');
    },
    ...world,
  });
  return { status, stdout, stderr, slept, json: () => JSON.parse(stdout) };
}
