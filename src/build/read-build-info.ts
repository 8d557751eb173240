import { execFileSync } from 'node:child_process';
import type { BuildInfo } from '../build-info.ts';
import { packageVersion } from './package-version.ts';

/**
 * What `GET /.edge/status` tells of a build. With SOURCE_DATE_EPOCH the same sources give the same bytes.
 *
 * @param folder - Of the service: its revision is told.
 */
export function buildInfo(folder: string): BuildInfo {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  const builtAt = (epoch ? new Date(Number(epoch) * 1000) : new Date()).toISOString();
  return { version: packageVersion(), revision: revisionOf(folder), builtAt };
}

function revisionOf(folder: string): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const head = git('rev-parse', '--short=12', 'HEAD');
    return git('status', '--porcelain', '-uno') === '' ? head : `${head}+changes`;
  } catch {
    return null;
  }
}
