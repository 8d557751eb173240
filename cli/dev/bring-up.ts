import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TomlTable, TomlValue } from 'smol-toml';
import { tsImport } from 'tsx/esm/api';
import type { Policy } from '../../src/policy/policy.ts';
import { loadPolicy } from '../base/load-policy.ts';
import { configFileOf, type LocalStores, readLocalStores, tableOf } from '../base/local-stores.ts';
import { readManifest } from '../base/manifest.ts';
import { secretsFolderOf } from '../base/secrets-folder.ts';
import { checkKeys } from '../check/check-keys.ts';
import { needsOf } from '../check/needs.ts';
import { type RouteRow, routePatterns, routeTable } from '../check/route-table.ts';
import { fixManifest } from '../manifest/fix-manifest.ts';
import { readPeople } from '../token/people.ts';
import { buildService } from './build-service.ts';
import { originBackend, startKeyServers } from './dev-backends.ts';
import { devFolder } from './dev-folder.ts';
import { devManifest } from './dev-manifest.ts';
import type { DevOutput } from './dev-output.ts';
import type { DevSettings } from './dev-settings.ts';
import { type ExampleCurl, exampleCurl } from './example-curl.ts';
import { filesReadOnce } from './files-read-once.ts';
import { hookCurl } from './hook-curl.ts';
import { viceroyIn } from './local-server/obtain-viceroy.ts';
import { missingOrigin } from './origin-up.ts';
import { startServer } from './start-server.ts';

/** A service that answers, and what is to be said of it. */
export interface Service {
  readonly port: number;
  readonly routes: readonly RouteRow[];
  readonly patterns: Readonly<Record<string, string>>;
  readonly curl: ExampleCurl;
  readonly hooks: readonly string[];
  /** null: fastly.toml has none for the local server. */
  readonly operatorToken: string | null;
  /** The JSON file that is its Config Store, absolute; null: fastly.toml has it in another way. */
  readonly configFile: string | null;
  stop(): Promise<void>;
}

export interface BringUpOptions {
  readonly settings: DevSettings;
  readonly output: DevOutput;
  /** Takes each line of the log, for the console. */
  readonly read: (line: string) => void;
  readonly url: string;
  /** fastly.toml, absolute. */
  readonly manifest: string;
  /** What was built last is of other sources. */
  readonly mustBuild: boolean;
  /** What this reads, and writes itself, is a change from here on alone. */
  readonly accept: (file: string) => void;
}

/** From the files to a service that answers. */
export async function bringUp(options: BringUpOptions, signal: AbortSignal): Promise<Service> {
  const { settings, output } = options;
  const { folder, origin, world } = settings;
  const { policy } = await loadPolicy(undefined, folder, (url) => tsImport(url, import.meta.url));
  // One that is not TOML is told before anything is added to it.
  readManifest(undefined, folder);
  await addWhatIsMissing(options, policy);
  const manifest = readManifest(undefined, folder) ?? {};
  const made = devFolder(folder, manifest);
  const secretsFolder = path.join(folder, secretsFolderOf(manifest));
  for (const file of filesReadOnce(manifest, folder, policy)) options.accept(file);
  const stores = readLocalStores(manifest, folder, world.env);
  tellOfKeys(policy, stores, output.tell);
  const places = { project: folder, tools: path.join(made, 'viceroy'), tell: output.tell };
  const viceroy = await viceroyIn(places);
  if (options.mustBuild) output.tell('Building the service …');
  const { wasm, note } = await buildService(folder, manifest, made, options.mustBuild, signal);
  if (note !== null) output.tell(note);
  const changed = originBackend(policy, origin);
  const own = { ...tableOf(tableOf(manifest.local_server)?.backends), ...changed };
  const keyServers = await startKeyServers(policy, own, secretsFolder, output.tell);
  const stopKeys = () => Promise.all([...keyServers.values()].map((server) => server.stop()));
  try {
    const keyBackends = [...keyServers].map(([name, { url }]) => [name, { ...hostOf(own[name]), url }]);
    const backends = { ...changed, ...Object.fromEntries(keyBackends) };
    const devFile = path.join(made, 'fastly.toml');
    writeFileSync(devFile, devManifest(manifest, { folder, backends }));
    output.tell('Starting it: Viceroy compiles the service …');
    const reader = {
      record(line: string, record: Parameters<DevOutput['request']>[0]) {
        options.read(line);
        // Its own question whether the service answers.
        if (record.path !== '/.edge/health') output.request(record);
      },
      other: output.printed,
    };
    const server = await startServer(
      { viceroy, wasm, manifest: devFile, folder: made, reader, tell: output.tell },
      signal,
    );
    const missing = await missingOrigin(policy, manifest, origin);
    if (missing !== null)
      output.tell(
        `Nobody answers at ${missing}: start your application there, or name another place with --origin.`,
      );
    const configFile = configFileOf(manifest, policy.stores.config);
    const tokens = [...stores.secrets.values()].map((items) => items.get('operator_token')?.value?.trim());
    return {
      port: server.port,
      routes: routeTable(policy),
      patterns: routePatterns(policy),
      curl: exampleCurl(policy, options.url, Object.keys(readPeople(secretsFolder))),
      hooks: [...policy.purgeHooks.values()].map((hook) =>
        hookCurl(hook, options.url, secretFileOf(stores, hook.store, hook.item)),
      ),
      operatorToken: tokens.find((token) => token) ?? null,
      configFile: configFile === null ? null : path.resolve(folder, configFile),
      stop: async () => {
        await Promise.all([server.stop(), stopKeys()]);
      },
    };
  } catch (error) {
    await stopKeys();
    throw error;
  }
}

/** What `claimcache check` finds of the local keys. */
function tellOfKeys(policy: Policy, stores: LocalStores, tell: (text: string) => void): void {
  checkKeys(policy, needsOf(policy), stores, (_level, _code, _where, text, fix) => tell(`${text} ${fix}`));
}

/** By which name a backend is asked, where it is not that of the request. */
function hostOf(backend: TomlValue | undefined): TomlTable {
  const host = tableOf(backend)?.override_host;
  return host === undefined ? {} : { override_host: host };
}

/** The file that holds a secret alone; of several in one JSON file a shell can read none. */
function secretFileOf(stores: LocalStores, store: string, item: string): string | null {
  const file = stores.secrets.get(store)?.get(item)?.file ?? null;
  return file?.endsWith('.json') === true ? null : file;
}

/** What the policy needs of fastly.toml, and the local secrets. */
async function addWhatIsMissing(
  { settings, output, manifest, accept }: BringUpOptions,
  policy: Policy,
): Promise<void> {
  const { added, made, left, notes } = await fixManifest(manifest, policy, settings.origin);
  for (const name of added) output.tell(`Added ${name} to fastly.toml`);
  for (const name of made) output.tell(`Made ${name}`);
  for (const text of notes) output.tell(text);
  for (const toml of left)
    output.tell(`fastly.toml has no place for this as it is written; add it by hand: ${toml}`);
  accept(manifest);
}
