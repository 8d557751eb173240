import { readFileSync } from 'node:fs';

/** The version of this package. */
export function packageVersion(): string {
  // From `src/build/` here, from `dist/src/build/` in the package.
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8'));
      if (name === 'claimcache') return version;
    } catch {
      // The other one.
    }
  }
  throw new Error('package.json of claimcache is missing.');
}
