import { existsSync } from 'node:fs';
import path from 'node:path';
import { isMain, root } from './root.ts';
import { installWithCargo } from './viceroy-cargo.ts';
import { downloadWithCli } from './viceroy-download.ts';
import { isRecentViceroy, MIN_VICEROY, viceroyVersion } from './viceroy-version.ts';

/**
 * The path of Viceroy, Fastly's local Compute server: VICEROY, PATH, what an earlier run built, what the fastly CLI
 * downloads, and at last a build with cargo into `.tools/`.
 */
export async function obtainViceroy(): Promise<string> {
  const named = process.env.VICEROY;
  if (named) {
    const version = viceroyVersion(named);
    if (version === null) throw new Error(`VICEROY names ${named}, which does not run.`);
    if (!isRecentViceroy(version)) {
      throw new Error(`VICEROY names Viceroy ${version}; ${MIN_VICEROY} or newer is needed.`);
    }
    return named;
  }
  const built = path.join(root, '.tools/viceroy/bin', executable);
  for (const candidate of [...onPath(), built]) {
    if (isRecentViceroy(viceroyVersion(candidate))) return candidate;
  }
  return (await downloadWithCli()) ?? (await installWithCargo(built));
}

const executable = process.platform === 'win32' ? 'viceroy.exe' : 'viceroy';

function onPath(): string[] {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.resolve(folder, executable))
    .filter((file) => existsSync(file));
}

if (isMain(import.meta.url)) {
  try {
    console.log(`Viceroy: ${await obtainViceroy()}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
