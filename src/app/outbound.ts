import { EdgeError } from '../errors.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { HttpCacheDisabled } from '../readthrough/choose.ts';
import { isTimeout } from '../readthrough/origin-failure.ts';
import { mayRepeat } from '../readthrough/patience.ts';
import { SHIELD_LENGTH_HEADER } from '../shield/answer.ts';
import type { HttpCachePort, Platform } from '../types/platform.ts';
import type { Policy } from '../types/policy.ts';
import type { OriginRequest, Relay } from '../types/readthrough.ts';
import { createRelay, isAnswerOf } from './relay.ts';

/** The two ways to an origin. */
export type Outbound = Pick<Platform, 'fetchOrigin' | 'httpCache'>;

/**
 * The platform's ways to an origin, with the secret of a locked origin on every request, and by the shield where the
 * request is to take it. A shield that cannot be reached, or is none of ours, is left out of the way.
 */
export function createOutbound(platform: Platform, policy: Policy): Outbound {
  const { origins } = policy;
  const lock = createLock(platform, policy);
  const direct: Outbound = lock === null ? platform : lockedWays(platform, lock);
  if (origins.every(({ shield }) => shield === null)) return direct;
  const relayed = createRelay(platform, policy);
  const { httpCache } = direct;

  return {
    async fetchOrigin(request) {
      const { relay, ...plain } = request;
      const by = relay === undefined ? null : await relayed(plain, relay);
      if (relay === undefined || by === null) return direct.fetchOrigin(plain);
      const headers = new HeaderFields(by.request.headers);
      headers.set(...(await by.sealed()));
      let response: Response;
      try {
        response = await platform.fetchOrigin({ ...by.request, headers });
      } catch (error) {
        if (!isLostOnTheWay(error, plain)) throw error;
        relay.heard('unreachable');
        return direct.fetchOrigin(plain);
      }
      if (isAnswerOf(relay, response.headers)) return withLength(platform, response);
      response.body?.cancel().catch(() => {});
      if (!mayRepeat(plain)) throw notOurs();
      return direct.fetchOrigin(plain);
    },
    httpCache: httpCache && {
      async fetch(request, cacheKey, hooks) {
        const { relay, ...plain } = request;
        const by = relay === undefined ? null : await relayed(plain, relay);
        if (relay === undefined || by === null) return httpCache.fetch(plain, cacheKey, hooks);
        try {
          return await throughHttpCache(platform.httpCache ?? httpCache, by, relay, cacheKey, hooks);
        } catch (error) {
          if (!(error instanceof NotOurs) && !isLostOnTheWay(error, plain)) throw error;
          if (!(error instanceof NotOurs)) relay.heard('unreachable');
          return httpCache.fetch(plain, cacheKey, hooks);
        }
      },
    },
  };
}

/** A body that was streamed on has lost its length on the way. */
function withLength({ respond }: Platform, response: Response): Response {
  const length = response.headers.get(SHIELD_LENGTH_HEADER);
  if (length === null || response.headers.has('content-length')) return response;
  const headers = new HeaderFields(response.headers);
  headers.set('content-length', length);
  return respond(response.status, headers, response.body);
}

/** Thrown out of the platform's hook, so that nothing is stored. */
class NotOurs extends Error {}

function throughHttpCache(
  httpCache: HttpCachePort,
  by: NonNullable<Awaited<ReturnType<ReturnType<typeof createRelay>>>>,
  relay: Relay,
  cacheKey: string,
  hooks: Parameters<HttpCachePort['fetch']>[2],
): ReturnType<HttpCachePort['fetch']> {
  return httpCache.fetch(by.request, cacheKey, {
    // Sealed when it is sent: a HIT needs no seal.
    async beforeSend() {
      const more = (await hooks.beforeSend()) ?? [];
      return [...more, await by.sealed()];
    },
    afterSend(candidate) {
      if (!isAnswerOf(relay, candidate.headers)) throw new NotOurs();
      return hooks.afterSend(candidate);
    },
  });
}

/** Reached nobody, for all that can be known, and may be tried again. What timed out may be at work behind the shield. */
function isLostOnTheWay(error: unknown, request: OriginRequest): boolean {
  if (error instanceof EdgeError || error instanceof HttpCacheDisabled || !mayRepeat(request)) return false;
  return !isTimeout(error);
}

function notOurs(): EdgeError {
  const cause = new Error('the shield is no second pass of this service, or refused the request');
  return new EdgeError('ERR_ORIGIN_UNREACHABLE', { cause });
}

/**
 * Adds the secret of a locked origin; null where none is locked. Where the secret cannot be had the origin is not asked: it
 * would answer with its refusal, and that might be cached.
 */
function createLock(
  platform: Platform,
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

function lockedWays(
  { fetchOrigin, httpCache }: Platform,
  locked: (request: OriginRequest) => Promise<OriginRequest>,
): Outbound {
  return {
    fetchOrigin: async (request) => fetchOrigin(await locked(request)),
    httpCache: httpCache && {
      fetch: async (request, cacheKey, hooks) => httpCache.fetch(await locked(request), cacheKey, hooks),
    },
  };
}
