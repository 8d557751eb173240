import { digest } from '../crypto/digest.ts';
import type { KeySource } from '../policy/providers/key-source.ts';
import type { Provider } from '../policy/providers/provider.ts';
import encryptedTokens from './encrypted/encrypted-tokens.ts';
import { type KeySet, parseKeySet, type RefusedKey, rawKeySet } from './key-set.ts';
import type { LoadRemoteKeys } from './remote-keys.ts';

/** Where key sets come from. Both answer null where the store or the item does not exist. */
export interface KeyStores {
  /** Rejects when the store is down. */
  secret(store: string, item: string): Promise<string | null>;
  config(store: string): (item: string) => string | null;
}

/** A provider's keys in force. `keySet` may be of refused keys alone: a token that names one of them is refused, and no other. */
export interface LoadedKeys {
  readonly keySet: KeySet;
  /** base64url SHA-256 of what the source holds: another set, another digest. */
  readonly digest: string;
  /** The key server could not be reached last time: that a `kid` is unknown proves nothing. */
  readonly uncertain: boolean;
  /** Why the key server could not be asked. */
  readonly why: string | null;
}

/** There are none to be had. */
export interface NoKeys {
  readonly keySet: null;
  readonly why: string | null;
}

/**
 * `wantsNew`: the known set lacks the token's key; a remote set is then asked for once more. `tell`: hears of keys that are left out, once for
 * each set, and of a key server that fails, once for each attempt.
 */
export type LoadKeys = (
  provider: Provider,
  nowMs: number,
  wantsNew: boolean,
  tell?: (why: string) => void,
) => Promise<LoadedKeys | NoKeys>;

/** What a source's text comes to. */
type Parsed = Pick<LoadedKeys, 'keySet' | 'digest'>;

/** A key set is parsed once for each text that a source has held, so that a changed one is in force at once. */
const MAX_REMEMBERED = 32;

/** A function that gets a provider's keys in force. */
export function createKeyLoader(stores: KeyStores, remote: LoadRemoteKeys | null): LoadKeys {
  const texts = new WeakMap<KeySource, string>();
  const parsed = new Map<string, Parsed | null>();
  /** What a source held last time: a text that is the same costs no look-up, which would have to hash all of it. */
  const latest = new WeakMap<KeySource, { text: string; loaded: Parsed | null }>();

  return async function loadKeys({ name, keys: source }, nowMs, wantsNew, tell = () => {}) {
    const tellOf = (why: string) => tell(`provider ${name}: ${why}`);
    let text: string | null;
    let uncertain = false;
    let why: string | null = null;
    try {
      if (source.kind === 'remote') {
        const loaded = await remote?.(source, nowMs, wantsNew, tellOf);
        text = loaded?.text ?? null;
        uncertain = loaded?.failed ?? false;
        why = loaded?.why ?? null;
      } else {
        text = await read(source);
      }
    } catch {
      return { keySet: null, why: 'the store is down' };
    }
    if (text === null || text === '') return { keySet: null, why: why ?? 'no such item' };
    const last = latest.get(source);
    const loaded = last?.text === text ? last.loaded : await parseLatest(source, text, tellOf);
    return loaded === null
      ? { keySet: null, why: 'what stands there is no key set' }
      : { ...loaded, uncertain, why };
  };

  async function parseLatest(source: KeySource, text: string, tell: (why: string) => void) {
    const loaded = await parseAnew(source, text);
    latest.set(source, { text, loaded });
    const refused = loaded?.keySet.refused ?? [];
    if (refused.length > 0) tell(leftOut(refused));
    return loaded;
  }

  async function parseAnew(source: KeySource, text: string) {
    const format = source.kind === 'secretStore' ? source.format : 'jwk';
    const publicOnly = source.kind === 'remote' || source.kind === 'configStore';
    const memoryKey = `${publicOnly ? 'public' : format === 'jwk' ? 'any' : format}:${text}`;
    const known = parsed.get(memoryKey);
    if (known !== undefined) return known;
    let keySet: KeySet | null;
    if (format === 'jwk') keySet = parseKeySet(text, publicOnly);
    else keySet = format === 'raw' ? rawKeySet(text) : encryptedTokens.keySet(text);
    const usable = keySet === null ? null : { keySet, digest: await digest(memoryKey) };
    if (parsed.size >= MAX_REMEMBERED) parsed.clear();
    parsed.set(memoryKey, usable);
    return usable;
  }

  function read(source: Exclude<KeySource, { kind: 'remote' }>): string | null | Promise<string | null> {
    if (source.kind === 'secretStore') return stores.secret(source.store, source.item);
    if (source.kind === 'configStore') return stores.config(source.store)(source.item);
    const known = texts.get(source) ?? JSON.stringify({ keys: source.keys });
    texts.set(source, known);
    return known;
  }
}

/** Ids are public; key material is never named. */
function leftOut(refused: readonly RefusedKey[]): string {
  const some = refused
    .slice(0, 5)
    .map(({ index, kid, problem }) => `${kid?.slice(0, 40) ?? `number ${index}`} (${problem})`);
  return `keys left out: ${some.join(', ')}${refused.length > some.length ? ', ...' : ''}`;
}
