import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { CliError } from '../base/cli-error.ts';

const VITE = 'node_modules/vite/bin/vite.js';
const here = import.meta.dirname;
/** The package brings the page; the sources build it. */
const isPackage = import.meta.url.endsWith('.js');
const root = path.resolve(here, '../..');

/** The folder of the built page. A checkout that has none yet gets it now, which takes a second. */
export async function ensurePage(): Promise<string> {
  if (isPackage) return path.resolve(here, '../../web');
  const folder = path.join(root, 'build/web');
  const isThere = () => existsSync(path.join(folder, 'console/index.html'));
  if (isThere()) return folder;
  // Somebody else may be building it, too: each in a folder of their own, until it is whole.
  const staging = `${folder}.${process.pid}`;
  try {
    const args = [VITE, 'build', 'demo/web', '--outDir', staging];
    await promisify(execFile)(process.execPath, args, {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
  } catch (cause) {
    await rm(staging, { recursive: true, force: true });
    if (!isThere()) {
      throw new CliError('CLI_CONFIG', 'The page could not be built.', '`npm run build:web` tells why.', {
        cause,
      });
    }
  }
  return folder;
}
