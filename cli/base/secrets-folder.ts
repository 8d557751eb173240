import path from 'node:path';
import type { TomlTable } from 'smol-toml';
import { filesOfStores, tableOf } from './local-stores.ts';

/** The folder of local secrets, from the manifest's, where the manifest names none. */
export const USUAL_SECRETS = '.claimcache';

/** Where the files of the local secrets are, as the manifest writes it. */
export function secretsFolderOf(manifest: TomlTable | null): string {
  const [file] = filesOfStores(tableOf(manifest?.local_server)?.secret_stores);
  return file === undefined ? USUAL_SECRETS : path.posix.dirname(file.replaceAll('\\', '/'));
}

/** In that folder: the key that tokens for this machine are signed with, of a provider whose keys are public. */
export function privateKeyFileOf(provider: string): string {
  return `${provider}_private.jwk.json`;
}
