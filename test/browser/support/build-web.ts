import { spawnSync } from 'node:child_process';
import { root } from '../../../scripts/root.ts';

/** Builds the pages of the demo: it takes a second, so always. In a process of its own, which is not a test: React asks. */
export function buildWeb(): void {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build:web'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm run build:web failed.\n${stdout}${stderr}`);
}
