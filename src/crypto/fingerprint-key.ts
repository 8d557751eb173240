import { EdgeError } from '../errors.ts';

/** What the key is wanted for: to tell whose a stored page is, or for a digest in the log, a header or an explanation. */
export type FingerprintUse = 'compare' | 'show';

/**
 * The secret `fingerprint_key`, by one rule for everybody: without it, or with an empty one, nothing is shown, for a digest without a key could be
 * guessed. A store that is down costs what is shown; where pages are told apart by it, nothing is served.
 *
 * @throws {EdgeError} ERR_KEYS_UNAVAILABLE where the store is down, and the key is there to compare.
 */
export async function fingerprintKey(
  { secret }: { secret(store: string, item: string): Promise<string | null> },
  { stores }: { readonly stores: { readonly secrets: string } },
  use: FingerprintUse,
): Promise<string | null> {
  try {
    return (await secret(stores.secrets, 'fingerprint_key')) || null;
  } catch (cause) {
    if (use === 'show') return null;
    throw new EdgeError('ERR_KEYS_UNAVAILABLE', { cause });
  }
}
