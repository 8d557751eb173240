import { EdgeError } from '../errors.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { PassDecision } from '../lanes/decision.ts';
import type { Platform } from '../platform/platform.ts';
import type { Router } from '../routing/router.ts';
import { invalidatedKeys, type PassedFacts } from './invalidated-keys.ts';
import type { LogFields } from './log-record.ts';

/** A request that passes, as far as a purge may follow it. */
export interface Write extends Pick<PassDecision, 'reason' | 'purgeAfterWrite'> {
  readonly facts: PassedFacts;
}

export interface Purge {
  /** ERR_INTERNAL where the purge failed: better no answer than a person's own stale page. */
  readonly error: EdgeError | null;
  readonly log: LogFields;
}

/** Purges what a write has made doubtful: the identity's entries unless the origin refused, and its URLs where it succeeded. */
export async function purgeAfterWrite(
  platform: Pick<Platform, 'purge'>,
  router: Router,
  write: Write,
  response: { readonly status: number; readonly headers: ReadonlyFields },
  also: readonly string[] = [],
): Promise<Purge> {
  return purgeAll(platform, [
    ...(response.status < 400 || response.status > 499 ? write.purgeAfterWrite : []),
    ...(await invalidatedKeys(write.facts, write, response, router)),
    ...also,
  ]);
}

export function purgeAll({ purge }: Pick<Platform, 'purge'>, keys: readonly string[]): Purge {
  try {
    keys.forEach((key) => {
      purge(key, false);
    });
  } catch (cause) {
    return { error: new EdgeError('ERR_INTERNAL', { cause }), log: { detail: 'purge-failed' } };
  }
  return { error: null, log: { purged: keys.length } };
}
