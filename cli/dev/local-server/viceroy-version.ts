import { spawnSync } from 'node:child_process';

/** The oldest that serves a service built by this js-compute: its caches, and stores read from a JSON file. */
export const MIN_VICEROY = '0.16.0';

/** Its version, such as `0.22.0`; null where it does not run. */
export function viceroyVersion(file: string): string | null {
  const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return /^viceroy (\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1] ?? null;
}

export function isRecentViceroy(version: string | null): boolean {
  if (version === null) return false;
  return version.localeCompare(MIN_VICEROY, 'en', { numeric: true }) >= 0;
}
