import { asEdgeError } from '../errors.ts';
import type { NamedFields } from '../http/fields.ts';
import { namesOfSetCookies } from '../http/set-cookie.ts';
import type { Lookup } from '../identity/lookup/lookup.ts';
import { isWrite } from '../lanes/lane-facts.ts';
import type { Platform } from '../platform/platform.ts';
import { type Fetched, failed } from './fetched.ts';
import type { Plan } from './planned-request.ts';
import { purgeAll } from './purge-after-write.ts';

/**
 * Forgets who a session cookie of this request was, before its client gets the answer: where the origin has set or deleted that cookie, and after a write
 * that it has not refused, on whatever route. A login may keep the cookie as it is, and a write may change what somebody may do.
 */
export async function forgetSessions(
  platform: Pick<Platform, 'purge'>,
  keysOf: Lookup['keysOf'],
  plan: Plan,
  fetched: Fetched,
): Promise<Fetched> {
  const { facts } = plan;
  if (plan.lane === 'reject' || facts.cookies.size === 0) return fetched;
  const isWritten = facts.method !== 'OPTIONS' && isWrite(facts) && mayHaveWritten(fetched);
  const headers = headersOf(fetched);
  const set = headers?.has('set-cookie') ? new Set(namesOfSetCookies(headers)) : null;
  if (!isWritten && set === null) return fetched;
  try {
    const keys = await keysOf(facts.cookies, (name) => isWritten || set?.has(name) === true);
    if (keys.length === 0) return fetched;
    const { error } = purgeAll(platform, keys);
    const log = { ...fetched.log, purged: (fetched.log.purged ?? 0) + keys.length };
    return error === null ? { ...fetched, log } : failed(error, fetched.log);
  } catch (cause) {
    return failed(asEdgeError(cause), fetched.log);
  }
}

/** As for a person's pages: the origin that has answered with 4xx has refused; one that did not answer may have written. */
function mayHaveWritten(fetched: Fetched): boolean {
  if (fetched.kind !== 'passed') return true;
  const { status } = fetched.response;
  return status < 400 || status > 499;
}

function headersOf(fetched: Fetched): NamedFields | null {
  if (fetched.kind === 'passed') return fetched.response.headers;
  return fetched.kind === 'found' ? fetched.result.headers : null;
}
