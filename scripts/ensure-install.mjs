// Runs before `npm start` and `npm test`, on a clone that may have no node_modules: Node alone, no dependency.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { unsupportedNode } from '../cli/base/prerequisites.mjs';

const unsupported = unsupportedNode();
if (unsupported !== null) {
  console.error(unsupported);
  process.exit(1);
}

const wanted = packagesOf('package-lock.json');
const installed = packagesOf('node_modules/.package-lock.json');
// Versions, not file times: a fresh checkout makes the lock look newer than what was installed from it. An
// optional package is missing wherever it is meant for another platform.
const missing = Object.entries(wanted).filter(
  ([path, { version, optional }]) => path !== '' && !optional && installed[path]?.version !== version,
);

if (missing.length > 0) {
  console.log(`Installing dependencies: ${missing.length} missing or changed.`);
  const args = ['ci', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const { status, error } = npm
    ? spawnSync(process.execPath, [npm, ...args], { stdio: 'inherit' })
    : spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (error) console.error(`npm could not be run: ${error.message}`);
  process.exitCode = status ?? 1;
}

function packagesOf(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : {};
}
