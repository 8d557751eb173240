import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';

test('whoever reads no further, as head does, ends the output and nothing else', async () => {
  const child = spawn(process.execPath, ['cli/claimcache.mjs', '--help'], { cwd: root });
  child.stdout.destroy();
  const [said, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect([status, said]).toEqual([0, '']);
});
