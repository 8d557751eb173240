import { EdgeError } from '../errors.ts';
import { HeaderFields } from '../http/header-fields.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';

/** The two ways to an origin: around every cache, and through the platform's. */
export type OriginWays = Pick<Platform, 'fetchOrigin' | 'httpCache'>;

/** The ways to an origin, with the secret of a locked one on every request to it. */
export function lockedWays(ways: OriginWays, platform: Pick<Platform, 'secret'>, policy: Policy): OriginWays {
  const locked = createLock(platform, policy);
  if (locked === null) return ways;
  const { fetchOrigin, httpCache } = ways;
  return {
    fetchOrigin: async (request) => fetchOrigin(await locked(request)),
    httpCache: httpCache && {
      fetch: async (request, cacheKey, hooks) => httpCache.fetch(await locked(request), cacheKey, hooks),
    },
  };
}

/**
 * Adds the secret of a locked origin; null where none is locked. Where the secret cannot be had the origin is not asked: it
 * would answer with its refusal, and that might be cached.
 */
function createLock(
  platform: Pick<Platform, 'secret'>,
  { origins }: Policy,
): ((request: OriginRequest) => Promise<OriginRequest>) | null {
  const locks = new Map(origins.flatMap(({ backend, lock }) => (lock === null ? [] : [[backend, lock]])));
  if (locks.size === 0) return null;
  return async (request) => {
    const lock = locks.get(request.backend);
    if (lock === undefined) return request;
    const secret = (await platform.secret(lock.store, lock.item))?.trim() ?? '';
    if (secret === '') {
      const cause = new Error(`the secret ${lock.item} of a locked origin cannot be had`);
      throw new EdgeError('ERR_ORIGIN_UNREACHABLE', { cause });
    }
    const headers = new HeaderFields(request.headers);
    headers.set(lock.header, secret);
    return { ...request, headers };
  };
}
