import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

/** What a build reads. Publishing writes to fastly.toml, bin and pkg, so that it gets a copy of its own. */
const NEEDED = ['package.json', 'fastly.toml', 'tsconfig.json', 'webpack.config.js', 'src', 'scripts', 'cli'];

/** The test site in the place of the demo, whose people the build writes for `claimcache token`. */
const INSTEAD = {
  'test/site/src': 'service',
  'test/site/people.ts': 'demo/origin/people.ts',
};

export interface Project {
  readonly folder: string;
  remove(): void;
}

/** A copy of this project, as a clone with its packages installed and nothing built. */
export function copyProject(): Project {
  const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-publish-'));
  for (const name of NEEDED) cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  for (const [from, to] of Object.entries(INSTEAD))
    cpSync(path.join(root, from), path.join(folder, to), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
