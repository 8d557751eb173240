import type { Provider } from '../policy/providers/provider.ts';
import type { KeySet } from './key-set.ts';
import { createKeyLoader, type KeyStores } from './load-keys.ts';
import type { EdgeKv, FetchKeys } from './ports.ts';
import { createRemoteKeys } from './remote-keys.ts';

/** The keys of a provider in force here, without the keys. */
export interface KnownKeys {
  readonly source: Provider['keys']['kind'];
  /** null: there are none to be had, or none that can be used. */
  readonly keys: readonly { readonly kid: string | null; readonly algorithms: readonly string[] }[] | null;
  readonly refused: KeySet['refused'];
  /** The key server could not be reached last time. */
  readonly uncertain: boolean;
  /** Why that is, or why there are no keys; a redirect that was refused is named. */
  readonly why: string | null;
}

/** A function that tells which keys a provider has: ids and algorithms, never key material or a digest of a secret. */
export function createKnownKeys(
  stores: KeyStores,
  fetchKeys: FetchKeys,
  edgeKv: EdgeKv | null,
): (provider: Provider, nowMs: number) => Promise<KnownKeys> {
  const loadKeys = createKeyLoader(stores, createRemoteKeys(fetchKeys, edgeKv));
  return async (provider, nowMs) => {
    const loaded = await loadKeys(provider, nowMs, false);
    return {
      source: provider.keys.kind,
      keys:
        loaded.keySet === null || loaded.keySet.keys.length === 0
          ? null
          : loaded.keySet.keys.map(({ id, algorithms }) => ({
              kid: id,
              algorithms: provider.encryption === null ? algorithms : [provider.encryption],
            })),
      refused: loaded.keySet?.refused ?? [],
      uncertain: loaded.keySet === null ? false : loaded.uncertain,
      why: loaded.why,
    };
  };
}
