import { existsSync } from 'node:fs';
import path from 'node:path';
import { installWithCargo } from './viceroy-cargo.ts';
import { downloadWithCli } from './viceroy-download.ts';
import { isRecentViceroy, MIN_VICEROY, viceroyVersion } from './viceroy-version.ts';

export interface ViceroyPlaces {
  /** The folder whose packages have the fastly command. */
  readonly project: string;
  /** Where cargo installs, when nothing else is left. */
  readonly tools: string;
  /** Says what takes long. */
  readonly tell: (text: string) => void;
}

/**
 * The path of Viceroy, Fastly's local Compute server: VICEROY, PATH, what an earlier run built, what the fastly CLI
 * downloads, and at last a build with cargo.
 *
 * @throws {Error} which says what to do.
 */
export async function viceroyIn({ project, tools, tell }: ViceroyPlaces): Promise<string> {
  const named = process.env.VICEROY;
  if (named) {
    const version = viceroyVersion(named);
    if (version === null) throw new Error(`VICEROY names ${named}, which does not run.`);
    if (!isRecentViceroy(version)) {
      throw new Error(`VICEROY names Viceroy ${version}; ${MIN_VICEROY} or newer is needed.`);
    }
    return named;
  }
  const built = path.join(tools, 'bin', executable);
  for (const candidate of [...onPath(), built]) {
    if (isRecentViceroy(viceroyVersion(candidate))) return candidate;
  }
  return (await downloadWithCli(project, tell)) ?? (await installWithCargo(built, tell));
}

const executable = process.platform === 'win32' ? 'viceroy.exe' : 'viceroy';

function onPath(): string[] {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.resolve(folder, executable))
    .filter((file) => existsSync(file));
}
