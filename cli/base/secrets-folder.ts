import path from 'node:path';
import type { TomlTable } from 'smol-toml';
import { tableOf } from './local-stores.ts';

/** The folder of local secrets, from the manifest's, where the manifest names none. */
export const USUAL_SECRETS = '.claimcache';

/** Where the files of the local secrets are, as the manifest writes it. */
export function secretsFolderOf(manifest: TomlTable | null): string {
  const stores = tableOf(tableOf(manifest?.local_server)?.secret_stores) ?? {};
  for (const store of Object.values(stores)) {
    for (const item of Array.isArray(store) ? store : [store]) {
      const file = tableOf(item)?.file;
      if (typeof file === 'string') return path.posix.dirname(file.replaceAll('\\', '/'));
    }
  }
  return USUAL_SECRETS;
}
