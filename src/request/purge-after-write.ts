import { EdgeError } from '../errors.ts';
import type { PassDecision, RequestFacts } from '../types/decision.ts';
import type { ReadonlyFields } from '../types/fields.ts';
import { invalidatedKeys } from './invalidated-keys.ts';
import type { Journal } from './request-log.ts';
import type { Service } from './service.ts';

/**
 * Purges what a write has made doubtful: the identity's entries unless the origin refused, and its URLs where it succeeded.
 *
 * @throws {EdgeError} ERR_INTERNAL where the purge failed: better no answer than a person's own stale page.
 */
export function purgeAfterWrite(
  { platform, router }: Service,
  journal: Journal,
  facts: RequestFacts,
  decision: Pick<PassDecision, 'reason' | 'purgeAfterWrite'>,
  response: { readonly status: number; readonly headers: ReadonlyFields },
): void {
  purgeAll(platform, journal, [
    ...(response.status < 400 || response.status > 499 ? decision.purgeAfterWrite : []),
    ...invalidatedKeys(facts, decision, response, router),
  ]);
}

/** @throws {EdgeError} ERR_INTERNAL, as above. */
export function purgeAll(
  { purge }: Pick<Service['platform'], 'purge'>,
  journal: Journal,
  keys: readonly string[],
): void {
  try {
    for (const key of keys) purge(key, false);
  } catch (cause) {
    journal.note({ detail: 'purge-failed' });
    throw new EdgeError('ERR_INTERNAL', { cause });
  }
  journal.note({ purged: keys.length });
}
