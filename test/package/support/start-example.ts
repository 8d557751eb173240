import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../../cli/dev/local-server/ports.ts';
import { endGroup } from '../../../cli/dev/local-server/processes.ts';
import { obtainViceroy } from '../../../scripts/viceroy.ts';
import type { Installed } from './installed.ts';
import { runNpm } from './run-npm.ts';

export interface RunningExample {
  readonly url: string;
  /** Runs its own tests of the policy, as its `npm test` does. */
  test(): ReturnType<typeof runNpm>;
  /** A token that it accepts. */
  token(person: string, ...options: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** An example as its README starts it: secrets, application, service. */
export async function startExample(installed: Installed, name: string): Promise<RunningExample> {
  const folder = installed.example(name);
  const claimcache = async (...args: readonly string[]) => {
    const { status, stdout, stderr } = await installed.claimcache(folder, ...args);
    if (status !== 0) throw new Error(`claimcache ${args.join(' ')}: ${stdout}${stderr}`);
    return stdout.trim();
  };
  await claimcache('check', '--fix', '--strict');

  const port = String(await freePort());
  const secret = readFileSync(path.join(folder, '.claimcache/origin_secret'), 'utf8').trim();
  const start = (args: readonly string[], env: NodeJS.ProcessEnv) =>
    spawn('npm', args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
  const origin = start(['run', 'origin'], { PORT: port, ORIGIN_SECRET: secret });
  const options = ['--json', '--port', '0', '--console-port', '0', '--origin', `http://127.0.0.1:${port}`];
  const dev = start(['start', '--', ...options], { VICEROY: await obtainViceroy() });
  const stop = async () => void (await Promise.all([dev, origin].map(endGroup)));
  try {
    return {
      url: await readyUrl(dev),
      test: () => runNpm(folder, 'exec', '--', 'tsx', '--test', 'test/policy.test.ts'),
      token: (...args) => claimcache('token', ...args),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the service answers, once it does. */
function readyUrl({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('Its output is not read.');
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout })
      .on('line', (line) => {
        lines.push(line);
        const url = /^\{"event":"ready",.*"url":"([^"]+)"/.exec(line)?.[1];
        if (url !== undefined) resolve(url);
      })
      .on('close', () => reject(new Error(`The example did not start.\n${lines.join('\n')}`)));
  });
}
