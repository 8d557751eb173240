import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../../cli/dev/local-server/ports.ts';
import { endGroup } from '../../../cli/dev/local-server/processes.ts';
import type { Installed } from './installed.ts';
import { runNpm } from './run-npm.ts';
import { startDev } from './start-dev.ts';

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
  const origin = spawn('npm', ['run', 'origin'], {
    cwd: folder,
    env: { ...process.env, PORT: port, ORIGIN_SECRET: secret },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const dev = await startDev(folder, '--origin', `http://127.0.0.1:${port}`);
  const stop = async () => void (await Promise.all([dev.child, origin].map(endGroup)));
  try {
    return {
      url: (await dev.ready).url,
      test: () => runNpm(folder, 'exec', '--', 'tsx', '--test', 'test/policy.test.ts'),
      token: (...args) => claimcache('token', ...args),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
