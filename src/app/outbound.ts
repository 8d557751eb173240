import { EdgeError } from '../errors.ts';
import { HeaderFields } from '../http/header-fields.ts';
import type { OriginRequest, Platform, Policy } from '../types.ts';

/** The two ways to an origin. */
export type Outbound = Pick<Platform, 'fetchOrigin' | 'httpCache'>;

/**
 * The platform's ways to an origin, with the secret of a locked origin on every request. Where the secret cannot be had
 * the origin is not asked: it would answer with its refusal, and that might be cached.
 */
export function createOutbound(platform: Platform, { origins }: Policy): Outbound {
  const { httpCache } = platform;
  const locks = new Map(origins.flatMap(({ backend, lock }) => (lock === null ? [] : [[backend, lock]])));
  if (locks.size === 0) return platform;

  async function locked(request: OriginRequest): Promise<OriginRequest> {
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
  }

  return {
    fetchOrigin: async (request) => platform.fetchOrigin(await locked(request)),
    httpCache: httpCache && {
      fetch: async (request, cacheKey, hooks) => httpCache.fetch(await locked(request), cacheKey, hooks),
    },
  };
}
