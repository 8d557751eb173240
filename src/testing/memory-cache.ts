import type { Encoding } from '../http/accept-encoding.ts';
import type { CoreCachePort, CoreInsert, CoreTransaction, CoreWriter } from '../platform/core-cache-port.ts';
import { bodyOf, type Item, latch, variantOf } from './memory-item.ts';

/** CoreCache in memory, with a clock of the test's and real waiting for whoever fills a key. */
export function memoryCache(clock: { readonly nowMs: number }) {
  const items = new Map<string, Item[]>();
  const filling = new Map<string, { done: Promise<void>; end: () => void }>();

  const find = (key: string, encoding: Encoding | null) =>
    (items.get(key) ?? []).find((item) => item.variant === variantOf(item.options, encoding));
  const ageOf = (item: Item) => clock.nowMs - item.insertedAtMs + item.options.initialAgeMs;

  function put(key: string, encoding: Encoding | null, options: CoreInsert, onEnd: () => void): CoreWriter {
    const item: Item = {
      options,
      insertedAtMs: clock.nowMs,
      variant: variantOf(options, encoding),
      chunks: [],
      state: 'open',
      more: latch(),
      softPurged: false,
    };
    const add = (chunk: Uint8Array | null, state: Item['state'] = 'open') => {
      if (chunk !== null) item.chunks.push(chunk);
      if (item.state === 'open') item.state = state;
      item.more.open();
      item.more = latch();
    };
    let appended: Promise<void> = Promise.resolve();
    const append = async (body: ReadableStream<Uint8Array>) => {
      try {
        for await (const chunk of body) add(chunk);
      } catch {
        add(null, 'broken');
      }
    };
    const others = (items.get(key) ?? []).filter(({ variant }) => variant !== item.variant);
    items.set(key, [...others, item]);
    onEnd();
    const remove = () =>
      items.set(
        key,
        (items.get(key) ?? []).filter((other) => other !== item),
      );
    return {
      write: (chunk) => add(chunk),
      append(body) {
        appended = append(body);
      },
      close: () => {
        if (item.chunks.length > 0 || options.lengthBytes !== null) return add(null, 'whole');
        void appended.then(() => add(null, 'whole'));
      },
      abandon() {
        add(null, 'broken');
        remove();
      },
    };
  }

  function entry(item: Item | undefined) {
    const age = item === undefined ? 0 : ageOf(item);
    const stale = item !== undefined && (item.softPurged || age >= item.options.maxAgeMs);
    const usable = item !== undefined && age < item.options.maxAgeMs + item.options.staleWhileRevalidateMs;
    return {
      found: item !== undefined && usable,
      usable,
      stale,
      metadata: () => item?.options.metadata ?? '',
      body: (range?: { start: number; end: number }) => {
        if (range === undefined) return bodyOf(item);
        const whole = Buffer.concat(item?.chunks ?? []);
        return new Response(whole.subarray(range.start, range.end + 1)).body as ReadableStream<Uint8Array>;
      },
      get lengthBytes() {
        if (item === undefined || item.state === 'broken') return null;
        if (item.state === 'open') return item.options.lengthBytes;
        return item.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
      },
      ageMs: age,
      maxAgeMs: item?.options.maxAgeMs ?? 0,
      close() {},
    };
  }

  const port: CoreCachePort = {
    async transaction(key, encoding, timeoutMs) {
      for (;;) {
        const current = entry(find(key, encoding));
        const other = filling.get(key);
        if (current.found && (!current.stale || other !== undefined)) {
          return { ...current, mustInsertOrUpdate: false } as CoreTransaction;
        }
        if (other !== undefined) {
          const timeout = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), timeoutMs));
          if ((await Promise.race([other.done, timeout])) === 'late') return null;
          continue;
        }
        let end = () => {};
        const done = new Promise<void>((resolve) => {
          end = () => {
            filling.delete(key);
            resolve();
          };
        });
        filling.set(key, { done, end });
        const insert = (options: CoreInsert) => put(key, encoding, options, end);
        return {
          ...current,
          mustInsertOrUpdate: true,
          insert,
          insertAndStreamBack: (options: CoreInsert) => {
            const writer = insert(options);
            return { writer, entry: entry(find(key, encoding)) };
          },
          update: (options: CoreInsert) => {
            const chunks = find(key, encoding)?.chunks ?? [];
            const writer = insert(options);
            for (const chunk of chunks) writer.write(chunk);
            writer.close();
          },
          cancel: end,
        } as CoreTransaction;
      }
    },
    lookup: (key, encoding) => entry(find(key, encoding ?? null)),
    insert: (key, encoding, options) => put(key, encoding, options, () => {}),
  };

  return {
    port,
    purge(surrogateKey: string, soft = false): void {
      for (const [key, list] of items) {
        const isHit = (item: Item) => item.options.surrogateKeys.includes(surrogateKey);
        if (!soft)
          items.set(
            key,
            list.filter((item) => !isHit(item)),
          );
        else for (const item of list) item.softPurged ||= isHit(item);
      }
    },
    /** Rewrites what is stored under every key. */
    tamper(change: (metadata: string) => string): void {
      for (const list of items.values()) {
        for (const [i, item] of list.entries()) {
          list[i] = { ...item, options: { ...item.options, metadata: change(item.options.metadata) } };
        }
      }
    },
  };
}
