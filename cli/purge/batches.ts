/** As many keys as one call of Fastly's batch purge takes. */
export const BATCH_KEYS = 256;
/** The service's own endpoint refuses longer bodies; 256 keys that claimcache makes are a quarter of it. */
const BATCH_BYTES = 60_000;

/** Splits keys into calls, in order. */
export function batchesOf(keys: Iterable<string>): string[][] {
  const batches: string[][] = [];
  let batch: string[] = [];
  let bytes = 0;
  for (const key of keys) {
    // Keys are ASCII: quotes, comma, and a backslash before a few of them at most.
    const size = key.length * 2 + 3;
    if (batch.length === BATCH_KEYS || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(key);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
