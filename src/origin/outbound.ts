import { HttpCacheDisabled } from '../cache/choose-engine.ts';
import { EdgeError } from '../errors.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { createRelay, isAnswerOf } from '../shield/relay.ts';
import { SHIELD_LENGTH_HEADER } from '../shield/shield-answer.ts';
import type { HttpCacheHooks, HttpCachePort, HttpCacheResponse, Platform } from '../types/platform.ts';
import type { Policy } from '../types/policy.ts';
import type { OriginRequest, Relay } from '../types/readthrough.ts';
import { mayRepeat } from './fetch-with-retry.ts';
import { isTimeout } from './origin-failure.ts';

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

  const outbound: Outbound = {
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
          const found = await throughHttpCache(platform.httpCache ?? httpCache, by, relay, cacheKey, hooks);
          if (found.kind === 'answered') return found.response;
          found.response.body?.cancel().catch(() => {});
          // Past a marker no hook runs, so that what went to the shield had no seal.
          if (found.kind === 'unsealed') return aroundCache(outbound.fetchOrigin(request));
        } catch (error) {
          if (!(error instanceof NotOurs) && !isLostOnTheWay(error, plain)) throw error;
          if (!(error instanceof NotOurs)) relay.heard('unreachable');
        }
        return httpCache.fetch(plain, cacheKey, hooks);
      },
    },
  };
  return outbound;
}

/** A response that no cache has seen, as the platform's cache gives one that went past a marker. */
async function aroundCache(pending: Promise<Response>): Promise<HttpCacheResponse> {
  const { status, headers, body } = await pending;
  const ofCache = { cached: false, stale: false, masksError: false, ageSeconds: 0, ttlSeconds: 0 };
  return { ...ofCache, status, headers: new HeaderFields(headers), body };
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

interface FoundByShield {
  /** `refused`: what is found stands in for a shield that is none of ours. */
  readonly kind: 'answered' | 'refused' | 'unsealed';
  readonly response: HttpCacheResponse;
}

async function throughHttpCache(
  httpCache: HttpCachePort,
  by: NonNullable<Awaited<ReturnType<ReturnType<typeof createRelay>>>>,
  relay: Relay,
  cacheKey: string,
  hooks: HttpCacheHooks,
): Promise<FoundByShield> {
  let isSent = false;
  let isRefused = false;
  const response = await httpCache.fetch(by.request, cacheKey, {
    // Sealed when it is sent: a HIT needs no seal.
    async beforeSend(sent) {
      isSent = true;
      const more = (await hooks.beforeSend(sent)) ?? [];
      return [...more, await by.sealed()];
    },
    afterSend(candidate) {
      if (!isAnswerOf(relay, candidate.headers)) {
        isRefused = true;
        throw new NotOurs();
      }
      const length = candidate.headers.get(SHIELD_LENGTH_HEADER);
      if (length !== null && !candidate.headers.has('content-length'))
        candidate.headers.set('content-length', length);
      return hooks.afterSend(candidate);
    },
  });
  const isUnsealed = !isSent && !response.cached && !response.stale;
  return { kind: isRefused ? 'refused' : isUnsealed ? 'unsealed' : 'answered', response };
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
