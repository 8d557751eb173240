import type { Encoding } from '../http/accept-encoding.ts';

/** The part of CoreCache that the core engine uses. Durations in milliseconds, as on the platform. `encoding` selects a variant. */
export interface CoreCachePort {
  /** Collapses concurrent lookups of a key. null: `timeoutMs` passed while another was filling it. */
  transaction(key: string, encoding: Encoding, timeoutMs: number): Promise<CoreTransaction | null>;
  /** Non-transactional lookup. */
  lookup(key: string, encoding?: Encoding): CoreEntry | null;
  /** Non-transactional write; replaces whatever is there. */
  insert(key: string, encoding: Encoding | null, options: CoreInsert): CoreWriter;
}

export interface CoreEntry {
  readonly found: boolean;
  readonly usable: boolean;
  readonly stale: boolean;
  metadata(): string;
  /** Both ends of a range are inclusive. */
  body(range?: { readonly start: number; readonly end: number }): ReadableStream<Uint8Array>;
  /** null: still being written, without an announced length. */
  readonly lengthBytes: number | null;
  readonly ageMs: number;
  readonly maxAgeMs: number;
  close(): void;
}

export interface CoreTransaction extends CoreEntry {
  /** This caller has to insert, update or cancel. */
  readonly mustInsertOrUpdate: boolean;
  insert(options: CoreInsert): CoreWriter;
  /** Stores and reads back what is being stored, at the same time. */
  insertAndStreamBack(options: CoreInsert): { writer: CoreWriter; entry: CoreEntry };
  update(options: CoreInsert): void;
  cancel(): void;
}

export interface CoreInsert {
  readonly maxAgeMs: number;
  readonly initialAgeMs: number;
  readonly staleWhileRevalidateMs: number;
  readonly surrogateKeys: readonly string[];
  readonly vary: readonly string[];
  readonly metadata: string;
  /** Body length in bytes where known: a body that ends short of it is not a complete object. */
  readonly lengthBytes: number | null;
}

export interface CoreWriter {
  write(chunk: Uint8Array): void;
  /** A body of the platform's that nobody has read from: the host writes it as it comes, and this returns at once. */
  append(body: ReadableStream<Uint8Array>): void;
  /** The object is whole. */
  close(): void;
  /** The object is not whole, and must not be kept. */
  abandon(): void;
}
