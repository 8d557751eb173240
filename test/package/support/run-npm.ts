import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `npm …` in a folder: both streams in one text. */
export async function runNpm(cwd: string, ...args: string[]): Promise<{ status: number; output: string }> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:npm_|NODE_OPTIONS$|NODE_ENV$|VITEST|INIT_CWD$)/.test(name),
    ),
  );
  try {
    const { stdout, stderr } = await run('npm', args, { cwd, env, shell: process.platform === 'win32' });
    return { status: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, output: stdout + stderr };
  }
}
