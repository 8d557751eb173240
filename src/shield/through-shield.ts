import { EdgeError } from '../errors.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { mayRepeat } from '../origin/fetch-with-retry.ts';
import { isTimeout } from '../origin/origin-failure.ts';
import type { OriginWays } from '../origin/origin-lock.ts';
import type { HttpCacheHooks, HttpCachePort, HttpCacheResponse } from '../platform/http-cache-port.ts';
import { HttpCacheDisabled } from '../platform/http-cache-port.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';
import { createRelay, isAnswerOf } from './relay.ts';
import type { Relay, RelayedRequest } from './relay-plan.ts';
import { SHIELD_LENGTH_HEADER } from './shield-answer.ts';

/**
 * The ways to an origin, by the shield where a request is to take it. A shield that cannot be reached, or is none of ours, is
 * left out of the way.
 *
 * @param platform - The ways to the shield itself.
 * @param direct - Those to the origin.
 */
export function shieldedWays(platform: Platform, direct: OriginWays, policy: Policy): OriginWays {
  if (policy.origins.every(({ shield }) => shield === null)) return direct;
  const relayed = createRelay(platform, policy);
  const { httpCache } = direct;

  const ways: OriginWays = {
    async fetchOrigin(request) {
      const { relay, ...plain }: RelayedRequest = request;
      const by = relay === undefined ? null : await relayed(plain, relay);
      if (relay === undefined || by === null) return direct.fetchOrigin(plain);
      const headers = new HeaderFields(by.request.headers);
      headers.set(...(await by.sealed()));
      let response: Response;
      try {
        response = await platform.fetchOrigin({ ...by.request, headers });
      } catch (error) {
        if (!isLostOnTheWay(error, plain)) throw error;
        relay.onShieldResult('unreachable');
        return direct.fetchOrigin(plain);
      }
      if (isAnswerOf(relay, response.headers)) return withLength(platform, response);
      response.body?.cancel().catch(() => {});
      if (!mayRepeat(plain)) throw notOurs();
      return direct.fetchOrigin(plain);
    },
    httpCache: httpCache && {
      async fetch(request, cacheKey, hooks) {
        const { relay, ...plain }: RelayedRequest = request;
        const by = relay === undefined ? null : await relayed(plain, relay);
        if (relay === undefined || by === null) return httpCache.fetch(plain, cacheKey, hooks);
        try {
          const found = await throughHttpCache(platform.httpCache ?? httpCache, by, relay, cacheKey, hooks);
          if (found.kind === 'answered') return found.response;
          found.response.body?.cancel().catch(() => {});
          // Past a marker no hook runs, so that what went to the shield had no seal.
          if (found.kind === 'unsealed') return aroundCache(ways.fetchOrigin(request));
        } catch (error) {
          if (!(error instanceof NotOurs) && !isLostOnTheWay(error, plain)) throw error;
          if (!(error instanceof NotOurs)) relay.onShieldResult('unreachable');
        }
        return httpCache.fetch(plain, cacheKey, hooks);
      },
    },
  };
  return ways;
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
