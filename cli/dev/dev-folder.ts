import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TomlTable } from 'smol-toml';
import { secretsFolderOf } from '../base/secrets-folder.ts';

/** Where `claimcache dev` keeps what it makes for a run: beside the local secrets, which git ignores. */
export function devFolder(folder: string, manifest: TomlTable | null): string {
  const made = path.join(folder, secretsFolderOf(manifest), 'dev');
  mkdirSync(made, { recursive: true });
  writeFileSync(path.join(made, '.gitignore'), '*\n');
  return made;
}
