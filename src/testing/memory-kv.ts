import type { Platform } from '../platform/platform.ts';

/** A KV Store in memory: an item is gone when its time is over. */
export function memoryKv(nowMs: () => number): Pick<Platform, 'readKv' | 'writeKv'> {
  const items = new Map<string, { readonly value: string; readonly untilMs: number }>();
  return {
    async readKv(store, key) {
      const item = items.get(JSON.stringify([store, key]));
      return item !== undefined && item.untilMs > nowMs() ? item.value : null;
    },
    async writeKv(store, key, value, ttlSeconds) {
      items.set(JSON.stringify([store, key]), { value, untilMs: nowMs() + ttlSeconds * 1000 });
    },
  };
}
