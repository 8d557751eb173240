import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JWK } from 'jose';
import type { TomlTable } from 'smol-toml';
import type { Policy } from '../../src/policy/policy.ts';
import type { Provider } from '../../src/policy/providers/provider.ts';
import type { PurgeHook } from '../../src/policy/purge-hooks/purge-hook.ts';
import { configFileOf, tableOf } from '../base/local-stores.ts';
import { privateKeyFileOf, secretsFolderOf, USUAL_SECRETS } from '../base/secrets-folder.ts';
import { configFacts, secretFacts } from './item-facts.ts';
import { localPair, publicHalf, randomSecret, standardSecret } from './local-keys.ts';
import { configStoresOf } from './manifest-gaps.ts';

/**
 * Makes what `[local_server]` names and is not there: random secrets, keys for local tokens, the Config Store's file. Nothing that is there
 * changes, but for items that a JSON file lacks. Returns the files, from `folder`.
 *
 * @param given - Secrets by the name of their provider, which are known and not made.
 */
export async function makeLocalFiles(
  policy: Policy,
  manifest: TomlTable,
  folder: string,
  given: ReadonlyMap<string, string> = new Map(),
): Promise<string[]> {
  const files = new Files(folder, secretsFolderOf(manifest));
  const server = tableOf(manifest.local_server);
  const providerOf = (store: string, item: string) =>
    policy.providers.find(
      ({ keys }) =>
        keys.kind !== 'inline' && keys.kind !== 'remote' && keys.store === store && keys.item === item,
    );
  for (const { store, name } of secretFacts(policy)) {
    const held = tableOf(server?.secret_stores)?.[store];
    const entry = Array.isArray(held) ? held.map(tableOf).find((item) => item?.key === name) : undefined;
    const file = tableOf(held)?.file;
    const isStandard = [...policy.purgeHooks.values()].some(
      (hook) => hook.store === store && hook.item === name && isOfStandardWebhooks(hook),
    );
    const provider = providerOf(store, name);
    const known = given.get(provider?.name ?? '');
    const value = async () => known ?? (isStandard ? standardSecret() : secretFor(provider, files));
    if (typeof entry?.file === 'string') await files.make(entry.file, value);
    else if (typeof file === 'string') await files.addToJson(file, name, value);
  }
  for (const store of configStoresOf(policy)) {
    const file = configFileOf(manifest, store);
    if (file === null) continue;
    if (store === policy.stores.config) await files.make(file, async () => '{}\n');
    for (const { name } of configFacts(policy).filter((item) => item.store === store)) {
      const provider = providerOf(store, name);
      if (provider !== undefined)
        await files.addToJson(file, name, async () =>
          JSON.stringify({ keys: [await files.publicKey(provider)] }),
        );
    }
  }
  // Verified by `claimcache dev` alone, beside the provider's own keys.
  for (const provider of policy.providers)
    if (provider.keys.kind === 'remote') await files.publicKey(provider);
  return files.made;
}

function isOfStandardWebhooks({ signature }: PurgeHook): boolean {
  return signature.kind === 'hmac' && signature.format === 'standard-webhooks';
}

async function secretFor(provider: Provider | undefined, files: Files): Promise<string> {
  if (provider?.keys.kind !== 'secretStore' || provider.keys.format !== 'jwk') return randomSecret();
  const [alg = 'HS256'] = provider.algorithms;
  if (alg.startsWith('HS')) return JSON.stringify({ kty: 'oct', k: randomSecret(), alg });
  return JSON.stringify(await files.publicKey(provider));
}

class Files {
  readonly made: string[] = [];
  readonly #folder: string;
  readonly #secrets: string;

  constructor(folder: string, secrets: string) {
    this.#folder = folder;
    this.#secrets = secrets;
  }

  async make(file: string, text: () => Promise<string>): Promise<void> {
    const absolute = path.resolve(this.#folder, file);
    if (existsSync(absolute) && readFileSync(absolute, 'utf8').trim() !== '') return;
    this.#write(file, await text());
  }

  async addToJson(file: string, name: string, value: () => Promise<string>): Promise<void> {
    const absolute = path.resolve(this.#folder, file);
    let items: unknown = {};
    try {
      if (existsSync(absolute)) items = JSON.parse(readFileSync(absolute, 'utf8'));
    } catch {
      // Whoever wrote it has to correct it: `check` tells.
      return;
    }
    if (typeof items !== 'object' || items === null || Object.hasOwn(items, name)) return;
    this.#write(file, `${JSON.stringify({ ...items, [name]: await value() }, null, 2)}\n`);
  }

  /** Of the pair that signs local tokens of a provider, which is made where there is none. */
  async publicKey(provider: Provider): Promise<JWK> {
    const file = path.posix.join(this.#secrets, privateKeyFileOf(provider.name));
    const absolute = path.resolve(this.#folder, file);
    if (existsSync(absolute)) return publicHalf(JSON.parse(readFileSync(absolute, 'utf8')) as JWK);
    const { privateJwk, publicJwk } = await localPair(provider);
    this.#write(file, `${JSON.stringify(privateJwk)}\n`);
    return publicJwk;
  }

  #write(file: string, text: string): void {
    const absolute = path.resolve(this.#folder, file);
    const parent = path.dirname(absolute);
    if (!existsSync(parent)) {
      mkdirSync(parent, { recursive: true });
      // No clone, no package and no commit has what is in it.
      if (path.basename(parent) === USUAL_SECRETS) writeFileSync(path.join(parent, '.gitignore'), '*\n');
    }
    writeFileSync(absolute, text, { mode: 0o600 });
    if (!this.made.includes(file)) this.made.push(file);
  }
}
