import path from 'node:path';
import type { TomlTable } from 'smol-toml';
import type { Policy } from '../../src/policy/policy.ts';
import { filesOfStores, tableOf } from '../base/local-stores.ts';
import { privateKeyFileOf, secretsFolderOf } from '../base/secrets-folder.ts';

/**
 * Files that the local server reads when it starts, absolute: secrets, items of KV Stores, the keys of local tokens. It reads the Config Store
 * again by itself, and each command its own people.json.
 */
export function filesReadOnce(manifest: TomlTable, folder: string, { providers }: Policy): readonly string[] {
  const server = tableOf(manifest.local_server);
  const stores = [server?.secret_stores, server?.kv_stores].flatMap(filesOfStores);
  const secrets = secretsFolderOf(manifest);
  const keys = providers
    .filter(({ keys: source }) => source.kind === 'remote')
    .map(({ name }) => path.join(secrets, privateKeyFileOf(name)));
  return [...new Set([...stores, ...keys].map((file) => path.resolve(folder, file)))];
}
