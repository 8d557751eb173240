import type { TomlTable } from 'smol-toml';
import type { Policy } from '../../src/policy/policy.ts';
import { tableOf } from '../base/local-stores.ts';
import { needsOf } from '../check/needs.ts';
import { backendFacts } from './backend-facts.ts';
import { configFacts, secretFacts } from './item-facts.ts';
import type { TomlAddition } from './toml-insert.ts';

export interface GapOptions {
  /** Where the application runs; null: nobody has said so. */
  readonly originUrl: string | null;
  /** Of the local secrets, from the manifest's folder, such as `.claimcache`. */
  readonly secretsFolder: string;
}

/** What the policy needs and the manifest does not have, in the order in which it is to be added. What is there is believed. */
export function manifestGaps(policy: Policy, manifest: TomlTable, options: GapOptions): TomlAddition[] {
  const isPublished = typeof manifest.service_id === 'string' && manifest.service_id !== '';
  return [
    ...localGaps(policy, manifest, options),
    ...(isPublished ? [] : setupGaps(policy, manifest, options)),
  ];
}

function localGaps(
  policy: Policy,
  manifest: TomlTable,
  { originUrl, secretsFolder }: GapOptions,
): TomlAddition[] {
  const top = 'local_server';
  const gaps: TomlAddition[] = [];
  for (const { name, local } of backendFacts(policy, originUrl)) {
    const path = [top, 'backends', name];
    if (at(manifest, path) === undefined) gaps.push({ path, value: { ...local } });
  }
  for (const { store, name } of secretFacts(policy)) {
    const path = [top, 'secret_stores', store];
    const held = at(manifest, path);
    // A store in a JSON file has its items there: local-files.ts.
    if (tableOf(held) !== null || (Array.isArray(held) && held.some((item) => tableOf(item)?.key === name)))
      continue;
    gaps.push({ path, value: { key: name, file: `${secretsFolder}/${name}` }, isElement: true });
  }
  for (const store of configStoresOf(policy)) {
    const path = [top, 'config_stores', store];
    if (at(manifest, path) === undefined)
      gaps.push({ path, value: { file: `${secretsFolder}/${store}.json`, format: 'json' } });
  }
  for (const { name } of needsOf(policy).kvStores) {
    const path = [top, 'kv_stores', name];
    // One item: the fastly command leaves empty lists out when it writes the file anew.
    const value = { key: 'about', data: 'Revoked tokens and sessions.' };
    if (at(manifest, path) === undefined) gaps.push({ path, value, isElement: true });
  }
  return gaps;
}

function setupGaps(policy: Policy, manifest: TomlTable, { originUrl }: GapOptions): TomlAddition[] {
  const gaps: TomlAddition[] = [];
  const known = new Set<string>();
  const need = (path: readonly string[], value: TomlTable) => {
    const id = JSON.stringify(path);
    if (known.has(id) || at(manifest, ['setup', ...path]) !== undefined) return;
    known.add(id);
    gaps.push({ path: ['setup', ...path], value });
  };
  const { kvStores, logEndpoint } = needsOf(policy);
  for (const { name, setup } of backendFacts(policy, originUrl)) need(['backends', name], { ...setup });
  for (const { store, name, description } of secretFacts(policy)) {
    need(['secret_stores', store], { description: 'Secrets of the edge.' });
    need(['secret_stores', store, 'entries', name], { description });
  }
  for (const store of configStoresOf(policy))
    need(['config_stores', store], { description: 'Switches, and public keys.' });
  need(['config_stores', policy.stores.config, 'items', 'cache_engine'], {
    value: 'auto',
    description: 'auto, readthrough or core.',
  });
  for (const { store, name, description } of configFacts(policy))
    need(['config_stores', store, 'items', name], { value: '{"keys":[]}', description });
  for (const { name } of kvStores)
    need(['kv_stores', name], { description: 'Tokens and sessions that are revoked before they expire.' });
  // The fastly command says that it is missing, and does not make it.
  need(['log_endpoints', logEndpoint.name], { provider: 'https' });
  return gaps;
}

/** The one of the switches first. */
export function configStoresOf(policy: Policy): string[] {
  return [...new Set([policy.stores.config, ...configFacts(policy).map(({ store }) => store)])];
}

function at(table: TomlTable, path: readonly string[]): TomlTable[string] | undefined {
  const [first = '', ...rest] = path;
  const value = Object.hasOwn(table, first) ? table[first] : undefined;
  if (rest.length === 0 || value === undefined) return value;
  const inner = tableOf(value);
  return inner === null ? undefined : at(inner, rest);
}
