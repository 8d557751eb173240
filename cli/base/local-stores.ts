import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TomlTable, TomlValue } from 'smol-toml';
import type { World } from './world.ts';

/** One item of a store of the local server. */
export interface LocalItem {
  /** null: what the manifest names is not there. */
  readonly value: string | null;
  /** The file that holds it, as the manifest writes it; null where it stands in the manifest. */
  readonly file: string | null;
}

type Items = ReadonlyMap<string, LocalItem>;

/** The stores that `[local_server]` of fastly.toml describes, as Viceroy reads them. A store that is not there is undefined. */
export interface LocalStores {
  readonly secrets: ReadonlyMap<string, Items>;
  readonly configs: ReadonlyMap<string, Items>;
  readonly kv: ReadonlyMap<string, Items>;
}

/** The file of a Config Store of the local server, as the manifest writes it; null: it stands in the manifest, or is not there. */
export function configFileOf(manifest: TomlTable | null, store: string): string | null {
  const file = tableOf(tableOf(tableOf(manifest?.local_server)?.config_stores)?.[store])?.file;
  return typeof file === 'string' ? file : null;
}

const EMPTY: LocalStores = { secrets: new Map(), configs: new Map(), kv: new Map() };

/** The files that a section of stores names, as the manifest writes them: of a store that is a list, one for an item. */
export function filesOfStores(section: TomlValue | undefined): string[] {
  return Object.values(tableOf(section) ?? {})
    .flat()
    .flatMap((item) => {
      const file = tableOf(item)?.file;
      return typeof file === 'string' ? [file] : [];
    });
}

/** `folder`: that of the manifest, which its files are relative to. */
export function readLocalStores(manifest: TomlTable | null, folder: string, env: World['env']): LocalStores {
  const server = tableOf(manifest?.local_server);
  if (server === null) return EMPTY;
  const read = (section: TomlValue | undefined) =>
    new Map(
      Object.entries(tableOf(section) ?? {}).map(
        ([name, store]) => [name, itemsOf(store, folder, env)] as const,
      ),
    );
  return {
    secrets: read(server.secret_stores),
    configs: read(server.config_stores),
    kv: read(server.kv_stores),
  };
}

/** A list of items, a JSON file, or `contents` in the manifest. */
function itemsOf(store: TomlValue, folder: string, env: World['env']): Items {
  if (Array.isArray(store)) {
    return new Map(
      store.flatMap((entry) => {
        const item = tableOf(entry);
        return typeof item?.key === 'string' ? [[item.key, itemOf(item, folder, env)] as const] : [];
      }),
    );
  }
  const table = tableOf(store);
  const contents = tableOf(table?.contents);
  if (contents !== null) return texts(contents);
  if (typeof table?.file !== 'string') return new Map();
  return fromJsonFile(table.file, folder);
}

function itemOf(item: TomlTable, folder: string, env: World['env']): LocalItem {
  if (typeof item.file === 'string') {
    return { value: textOf(path.resolve(folder, item.file)), file: item.file };
  }
  if (typeof item.env === 'string') return { value: env[item.env] ?? null, file: null };
  const { data } = item;
  return { value: typeof data === 'string' ? data : null, file: null };
}

function fromJsonFile(file: string, folder: string): Items {
  const text = textOf(path.resolve(folder, file));
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    if (typeof parsed === 'object' && parsed !== null) return texts(parsed as TomlTable, file);
  } catch {
    // Not there, or no JSON: then it has no items, and whoever needs one says which.
  }
  return new Map();
}

function texts(table: TomlTable, file: string | null = null): Items {
  return new Map(
    Object.entries(table).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, { value, file }] as const] : [],
    ),
  );
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

export function tableOf(value: TomlValue | undefined): TomlTable | null {
  const isTable = typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
  return isTable ? (value as TomlTable) : null;
}
