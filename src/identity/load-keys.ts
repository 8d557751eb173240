import { digest } from '../keys/digest.ts';
import type { KeySource, Provider } from '../types/policy.ts';
import { type KeySet, parseKeySet, rawKeySet } from './key-set.ts';
import type { LoadRemoteKeys } from './remote-keys.ts';

/** Where key sets come from. Both answer null where the store or the item does not exist. */
export interface KeyStores {
  /** Rejects when the store is down. */
  secret(store: string, item: string): Promise<string | null>;
  config(store: string): (item: string) => string | null;
}

/** A provider's keys in force. */
export interface LoadedKeys {
  readonly keySet: KeySet;
  /** base64url SHA-256 of what the source holds: another set, another digest. */
  readonly digest: string;
  /** The key server could not be reached last time: that a `kid` is unknown proves nothing. */
  readonly uncertain: boolean;
}

/** `wantsNew`: the known set lacks the token's key; a remote set is then asked for once more. */
export type LoadKeys = (provider: Provider, nowMs: number, wantsNew: boolean) => Promise<LoadedKeys | null>;

/** A key set is parsed once for each text that a source has held, so that a changed one is in force at once. */
const MAX_REMEMBERED = 32;

/**
 * A function that gets a provider's keys in force.
 *
 * @returns null where there are none to be had or none that can be used: ERR_KEYS_UNAVAILABLE.
 */
export function createKeyLoader(stores: KeyStores, remote: LoadRemoteKeys | null): LoadKeys {
  const texts = new WeakMap<KeySource, string>();
  const parsed = new Map<string, Omit<LoadedKeys, 'uncertain'> | null>();
  /** What a source held last time: a text that is the same costs no look-up, which would have to hash all of it. */
  const latest = new WeakMap<KeySource, { text: string; loaded: Omit<LoadedKeys, 'uncertain'> | null }>();

  return async function loadKeys({ keys: source }, nowMs, wantsNew) {
    let text: string | null;
    let uncertain = false;
    try {
      if (source.kind === 'remote') {
        const loaded = await remote?.(source, nowMs, wantsNew);
        text = loaded?.text ?? null;
        uncertain = loaded?.failed ?? false;
      } else {
        text = await read(source);
      }
    } catch {
      return null;
    }
    if (text === null || text === '') return null;
    const loaded = await parseOnce(source, text);
    return loaded === null ? null : { ...loaded, uncertain };
  };

  async function parseOnce(source: KeySource, text: string) {
    const last = latest.get(source);
    if (last?.text === text) return last.loaded;
    const loaded = await parseAnew(source, text);
    latest.set(source, { text, loaded });
    return loaded;
  }

  async function parseAnew(source: KeySource, text: string) {
    const raw = source.kind === 'secretStore' && source.format === 'raw';
    const publicOnly = source.kind === 'remote' || source.kind === 'configStore';
    const memoryKey = `${raw ? 'raw' : publicOnly ? 'public' : 'any'}:${text}`;
    const known = parsed.get(memoryKey);
    if (known !== undefined) return known;
    const keySet = raw ? rawKeySet(text) : parseKeySet(text, publicOnly);
    const usable =
      keySet === null || keySet.keys.length === 0 ? null : { keySet, digest: await digest(memoryKey) };
    if (parsed.size >= MAX_REMEMBERED) parsed.clear();
    parsed.set(memoryKey, usable);
    return usable;
  }

  async function read(source: Exclude<KeySource, { kind: 'remote' }>): Promise<string | null> {
    if (source.kind === 'secretStore') return stores.secret(source.store, source.item);
    if (source.kind === 'configStore') return stores.config(source.store)(source.item);
    const known = texts.get(source) ?? JSON.stringify({ keys: source.keys });
    texts.set(source, known);
    return known;
  }
}
