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
        return transaction(await pending.wait(timeoutMs));
      } catch (error) {
        // The runtime tells a timeout by its message alone.
        if (error instanceof Error && /timed out/i.test(error.message)) return null;
        throw error;
      }
    },
    lookup(key, encoding) {
      const entry = CoreCache.lookup(key, encoding === undefined ? undefined : SELECTING[encoding]);
      return entry === null ? null : reading(entry);
    },
    insert(key, encoding, options) {
      return writing(
        CoreCache.insert(key, { ...toPlatform(options), ...(encoding === null ? {} : SELECTING[encoding]) }),
      );
    },
  };
}

function reading(entry: CacheEntry): CoreEntry {
  const state = entry.state();
  return {
    found: state.found(),
    usable: state.usable(),
    stale: state.stale(),
    metadata: () => new TextDecoder().decode(entry.userMetadata()),
    body: (range) => entry.body(range) as ReadableStream<Uint8Array>,
    get lengthBytes() {
      return entry.length();
    },
    get ageMs() {
      return entry.age();
    },
    get maxAgeMs() {
      return entry.maxAge();
    },
    close() {
      // Throws where the body is being read: then it closes itself at the end.
      try {
        entry.close();
      } catch {}
    },
  };
}

function transaction(entry: TransactionCacheEntry): CoreTransaction {
  const mustInsertOrUpdate = entry.state().mustInsertOrUpdate();
  return Object.defineProperties(
    {
      mustInsertOrUpdate,
      insert: (options: CoreInsert) => writing(entry.insert(toPlatform(options))),
      insertAndStreamBack(options: CoreInsert) {
        const [writer, readBack] = entry.insertAndStreamBack(toPlatform(options));
        return { writer: writing(writer), entry: reading(readBack) };
      },
      update: (options: CoreInsert) => {
        const { length: _, ...rest } = toPlatform(options);
        entry.update(rest);
      },
      cancel: () => entry.cancel(),
    },
    Object.getOwnPropertyDescriptors(reading(entry)),
  ) as CoreTransaction;
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
    surrogateKeys: [...options.surrogateKeys],
    vary: [...options.vary],
    userMetadata: new TextEncoder().encode(options.metadata),
    ...(options.lengthBytes === null ? {} : { length: options.lengthBytes }),
  };
}
