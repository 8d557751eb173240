import type { TomlTable } from 'smol-toml';
import { type LocalStores, tableOf } from '../base/local-stores.ts';
import type { Report } from './finding.ts';
import type { ItemNeed, Needs } from './needs.ts';

/** The two halves of fastly.toml that describe a world: the local server's, and that of a first publish. */
interface Side {
  readonly name: '[local_server]' | '[setup]';
  /** Whoever meets the gap. */
  readonly who: string;
  has(
    kind: 'backends' | 'secret_stores' | 'config_stores' | 'kv_stores' | 'log_endpoints',
    name: string,
  ): boolean;
  hasItem(kind: 'secret_stores' | 'config_stores', store: string, item: string): boolean;
}

/** Whether fastly.toml has what the policy names. */
export function checkManifest(
  manifest: TomlTable | null,
  stores: LocalStores,
  needs: Needs,
  report: Report,
): void {
  const sides = manifest === null ? [] : sidesOf(manifest, stores);
  if (sides.length === 0) {
    report(
      manifest === null ? 'error' : 'warning',
      'MANIFEST_MISSING',
      'fastly.toml',
      manifest === null
        ? 'There is no fastly.toml.'
        : 'It has neither [local_server] nor [setup] to compare with.',
      'Describe backends and stores there: docs/how-to/publishing.md, and the one of this project.',
    );
    return;
  }
  const isMissing = (has: (side: Side) => boolean) => sides.filter((side) => !has(side));
  const tell = (
    missing: readonly Side[],
    code: Parameters<Report>[1],
    where: string,
    what: string,
    without: string | null,
  ) => {
    if (missing.length === 0) return;
    const nowhere = missing.length === sides.length && without === null;
    const names = missing.map(({ name }) => name).join(' and ');
    const effect = without ?? missing.map(({ who }) => who).join('; ');
    report(
      nowhere ? 'error' : 'warning',
      code,
      where,
      `${what} is not in ${names}: ${effect}.`,
      `Add it to ${names}.`,
    );
  };

  for (const { where, name } of needs.backends) {
    tell(
      isMissing((side) => side.has('backends', name)),
      'MANIFEST_BACKEND',
      where,
      `The backend ${name}`,
      null,
    );
  }
  const { configStore, kvStores, logEndpoint } = needs;
  tell(
    isMissing((side) => side.has('config_stores', configStore.name)),
    'MANIFEST_STORE',
    configStore.where,
    `The Config Store ${configStore.name}`,
    'no switch works',
  );
  for (const { where, name } of kvStores) {
    tell(
      isMissing((side) => side.has('kv_stores', name)),
      'MANIFEST_STORE',
      where,
      `The KV Store ${name}`,
      null,
    );
  }
  tell(
    // The local server prints what is logged, to whatever endpoint.
    isMissing((side) => side.name === '[local_server]' || side.has('log_endpoints', logEndpoint.name)),
    'MANIFEST_LOG',
    logEndpoint.where,
    `The log endpoint ${logEndpoint.name}`,
    'nothing is logged',
  );
  const items = (kind: 'secret_stores' | 'config_stores', label: string, wanted: readonly ItemNeed[]) => {
    for (const { where, store, name, without } of wanted) {
      const missing = isMissing((side) => side.hasItem(kind, store, name));
      tell(missing, 'MANIFEST_ITEM', where, `The item ${name} of the ${label} ${store}`, without);
    }
  };
  items('secret_stores', 'Secret Store', needs.secrets);
  items('config_stores', 'Config Store', needs.configs);
}

function sidesOf(manifest: TomlTable, stores: LocalStores): Side[] {
  const local = tableOf(manifest.local_server);
  // What a first publish asks for; a service that is there is not described here.
  const setup =
    typeof manifest.service_id === 'string' && manifest.service_id !== '' ? null : tableOf(manifest.setup);
  const localItems = { secret_stores: stores.secrets, config_stores: stores.configs };
  const itemTables = { secret_stores: 'entries', config_stores: 'items' } as const;
  const sides: Side[] = [];
  if (local !== null) {
    sides.push({
      name: '[local_server]',
      who: 'the local server does not have it',
      has: (kind, name) => tableOf(local[kind])?.[name] !== undefined,
      hasItem: (kind, store, item) => localItems[kind].get(store)?.has(item) ?? false,
    });
  }
  if (setup !== null) {
    sides.push({
      name: '[setup]',
      who: 'a first publish does not ask for it',
      has: (kind, name) => tableOf(setup[kind])?.[name] !== undefined,
      hasItem: (kind, store, item) => {
        const described = tableOf(tableOf(setup[kind])?.[store]);
        return tableOf(described?.[itemTables[kind]])?.[item] !== undefined;
      },
    });
  }
  return sides;
}
