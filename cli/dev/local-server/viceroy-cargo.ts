import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { isRecentViceroy, viceroyVersion } from './viceroy-version.ts';

/** The release that the project is tested with. */
const PINNED = '0.22.0';

/** Builds Viceroy from crates.io into the folder that `file` is to stand in, with cargo's own progress. */
export async function installWithCargo(file: string, tell: (text: string) => void): Promise<string> {
  const folder = path.dirname(path.dirname(file));
  tell(
    `Building Viceroy ${PINNED} with cargo into ${path.relative(process.cwd(), folder)}/. It takes some 15 minutes, once.`,
  );
  const cargo = spawn('cargo', ['install', '--locked', 'viceroy', '--version', PINNED, '--root', folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const kill = () => cargo.kill();
  process.once('exit', kill);
  let status: unknown;
  try {
    [status] = await once(cargo, 'exit');
  } catch {
    throw new Error(
      'Viceroy, the local Compute server, is needed and could not be downloaded, and there is no cargo to build it ' +
        'with. Install Rust (https://rustup.rs), or name a Viceroy of yours in the variable VICEROY.',
    );
  }
  process.off('exit', kill);
  if (status !== 0 || !isRecentViceroy(viceroyVersion(file))) {
    throw new Error('cargo could not build Viceroy; its messages stand above.');
  }
  return file;
}
