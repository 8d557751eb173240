import path from 'node:path';
import { stringify, type TomlTable, type TomlValue } from 'smol-toml';
import { tableOf } from '../base/local-stores.ts';

export interface DevManifestOptions {
  /** Of fastly.toml: files in it are named from there. */
  readonly folder: string;
  /** Backends that are asked elsewhere than fastly.toml says, in this run. */
  readonly backends: Readonly<Record<string, TomlTable>>;
}

/** Members of a manifest that name a file. */
const FILE_KEYS = new Set(['file', 'certificate_file', 'key_file']);

/** What the local server gets to read: `[local_server]` as it stands in fastly.toml, and what this run says instead. */
export function devManifest(manifest: TomlTable, { folder, backends }: DevManifestOptions): string {
  const server = tableOf(absolute(manifest.local_server ?? {}, folder)) ?? {};
  const local = {
    ...server,
    backends: { ...tableOf(server.backends), ...backends },
    config_stores: {
      ...tableOf(server.config_stores),
      // Only the local readthrough cache asks for it: src/app/told-path.ts.
      claimcache_dev: { format: 'inline-toml', contents: { log_paths: 'on' } },
    },
  };
  return `# Made by \`claimcache dev\` from fastly.toml, for one run.\n${stringify({
    manifest_version: 3,
    name: 'claimcache-dev',
    language: 'other',
    local_server: local,
  })}`;
}

function absolute(value: TomlValue, folder: string): TomlValue {
  if (Array.isArray(value)) return value.map((item) => absolute(item, folder));
  const table = tableOf(value);
  if (table === null) return value;
  return Object.fromEntries(
    Object.entries(table).map(([key, item]) => [
      key,
      FILE_KEYS.has(key) && typeof item === 'string' ? path.resolve(folder, item) : absolute(item, folder),
    ]),
  );
}
