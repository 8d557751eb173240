import { ConfigStore } from 'fastly:config-store';
import { CONFIG_MAX_AGE_MS } from '../platform/config-age.ts';
import type { Platform } from '../platform/platform.ts';

type Read = ReturnType<Platform['config']>;

/** Config Stores behind the port. Items are read when they are asked for; what is known of a store is forgotten together, a while after it was opened. */
export function createConfigStores(): Platform['config'] {
  const opened = new Map<string, { readonly atMs: number; readonly read: Read }>();
  return (store) => {
    const nowMs = Date.now();
    const known = opened.get(store);
    // A clock may be set back.
    if (known !== undefined && Math.abs(nowMs - known.atMs) < CONFIG_MAX_AGE_MS) return known.read;
    const read = open(store);
    opened.set(store, { atMs: nowMs, read });
    return read;
  };
}

function open(store: string): Read {
  let opened: ConfigStore;
  try {
    opened = new ConfigStore(store);
  } catch (error) {
    // There is none of that name. Anything else is a failure of the host, and what stands in it is not known.
    if (error instanceof TypeError) return () => null;
    return () => {
      throw error;
    };
  }
  const values = new Map<string, string | null>();
  return (item) => {
    const known = values.get(item);
    if (known !== undefined) return known;
    // Throws where the store cannot be read, which is not kept.
    const value = opened.get(item);
    values.set(item, value);
    return value;
  };
}
