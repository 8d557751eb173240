import type { CoreCachePort, CoreEntry, CoreTransaction } from '../../platform/core-cache-port.ts';
import { readText } from '../read-text.ts';

/** What the edge cache holds of a credential. `untilMs`: milliseconds since the epoch. */
export type KnownAnswer =
  | {
      readonly kind: 'known';
      /** Of this answer alone: what a sandbox has made of it is good for as long as it stands there. */
      readonly id: string;
      readonly untilMs: number;
      /** The claims, as JSON. Either this or `close` is called. */
      readonly text: () => Promise<string>;
      readonly close: () => void;
    }
  | { readonly kind: 'refused' }
  | { readonly kind: 'down' };

const MAX_BYTES = 65_536;
const KINDS = ['known', 'refused', 'down'] as const;

/** What stands under a key; null: nothing that counts now. */
export function findAnswer(cache: CoreCachePort, key: string, nowMs: number): KnownAnswer | null {
  const entry = cache.lookup(key, 'identity');
  return entry === null ? null : readAnswerEntry(entry, nowMs);
}

/** @throws where what stands there was not written by {@link storeAnswer}. */
export function readAnswerEntry(entry: CoreEntry, nowMs: number): KnownAnswer | null {
  if (!entry.found || !entry.usable || entry.stale) {
    entry.close();
    return null;
  }
  const [kind, until = '', id = ''] = entry.metadata().split(' ');
  const untilMs = Number(until);
  const known = KINDS.find((one) => one === kind);
  if (known === undefined || !(nowMs < untilMs)) {
    entry.close();
    return null;
  }
  if (known !== 'known') {
    entry.close();
    return { kind: known };
  }
  return {
    kind: 'known',
    id,
    untilMs,
    text: () => readText(entry.body(), MAX_BYTES),
    close: () => entry.close(),
  };
}

export interface StoredAnswer {
  readonly kind: (typeof KINDS)[number];
  readonly id: string;
  readonly untilMs: number;
  /** The claims, as JSON; empty where they are nobody's. */
  readonly text: string;
  readonly surrogateKeys: readonly string[];
}

/** Fills a transaction, and lets go whoever waits for it. */
export function storeAnswer(transaction: CoreTransaction, answer: StoredAnswer, nowMs: number): void {
  const { kind, id, untilMs, text, surrogateKeys } = answer;
  const body = new TextEncoder().encode(text);
  const writer = transaction.insert({
    maxAgeMs: untilMs - nowMs,
    initialAgeMs: 0,
    staleWhileRevalidateMs: 0,
    surrogateKeys,
    vary: [],
    metadata: `${kind} ${untilMs} ${id}`,
    lengthBytes: body.length,
  });
  if (body.length > 0) writer.write(body);
  writer.close();
}
