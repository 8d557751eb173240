import type { FastlyBody } from 'fastly:body';
import { type CacheEntry, CoreCache, type TransactionCacheEntry } from 'fastly:cache';
import type { Encoding } from '../http/accept-encoding.ts';
import type {
  CoreCachePort,
  CoreEntry,
  CoreInsert,
  CoreTransaction,
  CoreWriter,
} from '../platform/core-cache-port.ts';

/** The headers by which the platform chooses a variant, made once. */
const SELECTING: Readonly<Record<Encoding, { headers: Headers }>> = {
  'br, gzip': { headers: new Headers({ 'accept-encoding': 'br, gzip' }) },
  br: { headers: new Headers({ 'accept-encoding': 'br' }) },
  zstd: { headers: new Headers({ 'accept-encoding': 'zstd' }) },
  gzip: { headers: new Headers({ 'accept-encoding': 'gzip' }) },
  identity: { headers: new Headers({ 'accept-encoding': 'identity' }) },
};

/** CoreCache behind the port, or null on a platform that has none. */
export function createCoreCache(): CoreCachePort | null {
  if (typeof CoreCache === 'undefined') return null;
  return {
    async transaction(key, encoding, timeoutMs) {
      const pending = CoreCache.transactionLookupAsync(key, SELECTING[encoding]);
      try {
        return new Transaction(await pending.wait(timeoutMs));
      } catch (error) {
        // The runtime tells a timeout by its message alone.
        if (error instanceof Error && /timed out/i.test(error.message)) return null;
        throw error;
      }
    },
    lookup(key, encoding) {
      const entry = CoreCache.lookup(key, encoding === undefined ? undefined : SELECTING[encoding]);
      return entry === null ? null : new Reading(entry, entry.state());
    },
    insert(key, encoding, options) {
      return writing(
        CoreCache.insert(key, { ...toPlatform(options), ...(encoding === null ? {} : SELECTING[encoding]) }),
      );
    },
  };
}

/** A class, so that no function is made for each look-up. */
class Reading<Entry extends CacheEntry> implements CoreEntry {
  readonly found: boolean;
  readonly usable: boolean;
  readonly stale: boolean;
  protected readonly entry: Entry;

  constructor(entry: Entry, state: ReturnType<CacheEntry['state']>) {
    this.entry = entry;
    this.found = state.found();
    this.usable = state.usable();
    this.stale = state.stale();
  }

  get lengthBytes(): number | null {
    return this.entry.length();
  }

  get ageMs(): number {
    return this.entry.age();
  }

  get maxAgeMs(): number {
    return this.entry.maxAge();
  }

  metadata(): string {
    return new TextDecoder().decode(this.entry.userMetadata());
  }

  body(range?: { readonly start: number; readonly end: number }): ReadableStream<Uint8Array> {
    return this.entry.body(range) as ReadableStream<Uint8Array>;
  }

  close(): void {
    // Throws where the body is being read: then it closes itself at the end.
    try {
      this.entry.close();
    } catch {}
  }
}

class Transaction extends Reading<TransactionCacheEntry> implements CoreTransaction {
  readonly mustInsertOrUpdate: boolean;

  constructor(entry: TransactionCacheEntry) {
    const state = entry.state();
    super(entry, state);
    this.mustInsertOrUpdate = state.mustInsertOrUpdate();
  }

  insert(options: CoreInsert): CoreWriter {
    return writing(this.entry.insert(toPlatform(options)));
  }

  insertAndStreamBack(options: CoreInsert): { readonly writer: CoreWriter; readonly entry: CoreEntry } {
    const [writer, readBack] = this.entry.insertAndStreamBack(toPlatform(options));
    return { writer: writing(writer), entry: new Reading(readBack, readBack.state()) };
  }

  update(options: CoreInsert): void {
    const { length: _, ...rest } = toPlatform(options);
    this.entry.update(rest);
  }

  cancel(): void {
    this.entry.cancel();
  }
}

function writing(body: FastlyBody): CoreWriter {
  return {
    write: (chunk) => body.append(chunk as Uint8Array<ArrayBuffer>),
    append: (stream) => body.append(stream),
    close: () => body.close(),
    abandon: () => body.abandon(),
  };
}

function toPlatform(options: CoreInsert) {
  return {
    maxAge: options.maxAgeMs,
    initialAge: options.initialAgeMs,
    staleWhileRevalidate: options.staleWhileRevalidateMs,
    surrogateKeys: options.surrogateKeys.slice(),
    vary: options.vary.slice(),
    userMetadata: new TextEncoder().encode(options.metadata),
    ...(options.lengthBytes === null ? {} : { length: options.lengthBytes }),
  };
}
