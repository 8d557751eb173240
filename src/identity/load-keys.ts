import type { KeySource } from '../types.ts';
import { type KeySet, keySetOf, parseKeySet, rawKeySet } from './key-set.ts';

/** Where key sets come from. Both answer null where the store or the item does not exist. */
export interface KeyStores {
  /** Rejects when the store is down. */
  secret(store: string, item: string): Promise<string | null>;
  config(store: string, item: string): string | null;
}

/** A key set is parsed once for each text that a store has held, so that a changed item is in force at once. */
const MAX_REMEMBERED = 32;

/**
 * A function that gets a provider's keys in force.
 *
 * @returns null where there are none to be had or none that can be used: ERR_KEYS_UNAVAILABLE.
 */
export function createKeyLoader(stores: KeyStores): (source: KeySource) => Promise<KeySet | null> {
  const inline = new WeakMap<KeySource, KeySet>();
  const parsed = new Map<string, KeySet | null>();

  return async function loadKeys(source) {
    const keySet = await load(source);
    return keySet === null || keySet.keys.length === 0 ? null : keySet;
  };

  async function load(source: KeySource): Promise<KeySet | null> {
    if (source.kind === 'inline') {
      const known = inline.get(source) ?? keySetOf(source.keys);
      inline.set(source, known);
      return known;
    }
    const text = await read(source);
    if (text === null || text === '') return null;
    const raw = source.kind === 'secretStore' && source.format === 'raw';
    const memoryKey = `${raw ? 'raw' : 'jwk'}:${text}`;
    const known = parsed.get(memoryKey);
    if (known !== undefined) return known;
    const fresh = raw ? rawKeySet(text) : parseKeySet(text);
    if (parsed.size >= MAX_REMEMBERED) parsed.clear();
    parsed.set(memoryKey, fresh);
    return fresh;
  }

  async function read(source: Exclude<KeySource, { kind: 'inline' }>): Promise<string | null> {
    try {
      return source.kind === 'secretStore'
        ? await stores.secret(source.store, source.item)
        : stores.config(source.store, source.item);
    } catch {
      return null;
    }
  }
}
