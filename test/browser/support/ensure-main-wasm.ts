import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { asksForHttpCache } from '../../../cli/local-cache/wasm-module.ts';
import { root } from '../../../scripts/root.ts';
import { obtainViceroy } from '../../../scripts/viceroy.ts';

/** Before the tests in the engine: Viceroy is there, and `bin/main.wasm` is what the sources say. */
export default async function ensureMainWasm(): Promise<void> {
  await obtainViceroy();
  if (isUpToDate()) return;
  const { status } = spawnSync('npm', ['run', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('npm run build failed; its messages stand above.');
}

function isUpToDate(): boolean {
  const modifiedMs = (file: string) =>
    statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
  const sources = ['src', 'service'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      path.join(folder, name),
    ),
  );
  const inputs = [...sources, 'webpack.config.js', 'package-lock.json'];
  const builtMs = modifiedMs('bin/main.wasm');
  if (!Number.isFinite(builtMs) || inputs.some((file) => modifiedMs(file) > builtMs)) return false;
  // `fastly compute serve --env local` puts the local readthrough cache in it.
  return asksForHttpCache(readFileSync(path.join(root, 'bin/main.wasm')));
}
