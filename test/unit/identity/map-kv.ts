import type { EdgeKv } from '../../../src/identity/ports.ts';

/** An edge memory in a Map, with the ttls it was given. */
export function mapKv(): EdgeKv & { entries: Map<string, string>; ttls: number[] } {
  const entries = new Map<string, string>();
  const ttls: number[] = [];
  return {
    entries,
    ttls,
    get: async (key) => entries.get(key) ?? null,
    set: async (key, value, ttlSeconds) => {
      entries.set(key, value);
      ttls.push(ttlSeconds);
    },
  };
}
