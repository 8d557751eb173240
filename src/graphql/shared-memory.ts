/** A memory of all sandboxes of a place, which may forget at any time. */
export interface SharedMemory {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
}
