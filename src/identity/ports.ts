/** What this folder asks of the world beyond stores. Tests hand in maps. */

/** A small memory shared by all sandboxes of a place: the edge cache. It may forget at any time. */
export interface EdgeKv {
  get(key: string): Promise<string | null>;
  /** Best effort: never rejects. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
}

/** Where a key server's document is. */
export interface KeyRequest {
  /** Name of the backend. The URL gives the path and the Host, never the destination. */
  readonly backend: string;
  readonly url: string;
  readonly timeoutMs: number;
}

/** Gets a document. Rejects on any status but 200, past the timeout, or where the document is too large. */
export type FetchKeys = (request: KeyRequest) => Promise<string>;

/** An entry of a KV Store, or null. Rejects when the store is down. */
export type ReadKv = (store: string, key: string) => Promise<string | null>;
