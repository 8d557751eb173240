import path from 'node:path';
import type { TomlTable, TomlValue } from 'smol-toml';
import type { Policy } from '../../src/policy/policy.ts';
import { tableOf } from '../base/local-stores.ts';
import { secretsFolderOf } from '../base/secrets-folder.ts';

/**
 * Files that the local server reads when it starts, absolute: secrets, items of KV Stores, the keys of local tokens. It reads the Config Store
 * again by itself, and each command its own people.json.
 */
export function filesReadOnce(manifest: TomlTable, folder: string, { providers }: Policy): readonly string[] {
  const server = tableOf(manifest.local_server);
  const stores = [server?.secret_stores, server?.kv_stores].flatMap((section) =>
    Object.values(tableOf(section) ?? {}),
  );
  const secrets = secretsFolderOf(manifest);
  const keys = providers
    .filter(({ keys: source }) => source.kind === 'remote')
    .map(({ name }) => path.join(secrets, `${name}_private.jwk.json`));
  return [...new Set([...stores.flatMap(filesOf), ...keys].map((file) => path.resolve(folder, file)))];
}

/** Of a list of items, or of a JSON file that holds them all. */
function filesOf(store: TomlValue): readonly string[] {
  return (Array.isArray(store) ? store : [store]).flatMap((item) => {
    const file = tableOf(item)?.file;
    return typeof file === 'string' ? [file] : [];
  });
}
