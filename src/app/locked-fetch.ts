import { EdgeError } from '../errors.ts';
import { HeaderFields } from '../http/header-fields.ts';
import type { OriginRequest, Platform, Policy } from '../types.ts';

/**
 * The platform's fetch, with the secret of a locked origin on every request to it. Where the secret cannot be had the
 * origin is not asked: it would answer with its refusal, and that might be cached.
 */
export function lockedFetch(
  platform: Platform,
  { origins }: Policy,
): (request: OriginRequest) => Promise<Response> {
  const locks = new Map(origins.flatMap(({ backend, lock }) => (lock === null ? [] : [[backend, lock]])));
  if (locks.size === 0) return platform.fetchOrigin;
  return async (request) => {
    const lock = locks.get(request.backend);
    if (lock === undefined) return platform.fetchOrigin(request);
    const secret = (await platform.secret(lock.store, lock.item))?.trim() ?? '';
    if (secret === '') {
      const cause = new Error(`the secret ${lock.item} of a locked origin cannot be had`);
      throw new EdgeError('ERR_ORIGIN_UNREACHABLE', { cause });
    }
    const headers = new HeaderFields(request.headers);
    headers.set(lock.header, secret);
    return platform.fetchOrigin({ ...request, headers });
  };
}
