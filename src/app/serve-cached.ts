import { EdgeError } from '../errors.ts';
import { finishCached } from '../finish/finish.ts';
import { asEdgeError } from '../finish/problem.ts';
import { cacheRequest } from '../forward/forward.ts';
import { setCookieNames } from '../freshness/cookie-names.ts';
import { freshness } from '../freshness/freshness.ts';
import { normaliseAcceptEncoding } from '../http/accept-encoding.ts';
import { removeSetCookie } from '../http/set-cookie.ts';
import { forwardedClaims } from '../identity/forwarded-claims.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import type {
  CacheDecision,
  CacheResult,
  CacheTask,
  Encoding,
  OriginRequest,
  ReadonlyFields,
  Readthrough,
} from '../types.ts';
import type { Passage, Service } from './app.ts';
import { respond } from './respond.ts';

/** What a look-up asks, and the origin where it is needed. */
interface Question {
  readonly encoding: Encoding;
  readonly request: () => OriginRequest;
  /** `exp` of the identity; null on the public lane. */
  readonly tokenExpiresAtSeconds: number | null;
}

/** The public and the scoped lane: through the edge cache. */
export async function serveCached(
  service: Service,
  passage: Passage,
  decision: CacheDecision,
  engine: Readthrough,
): Promise<Response> {
  const { policy, platform, router } = service;
  const { context, facts, identity, journal } = passage;
  const { route, partition } = decision;
  const encoding = normaliseAcceptEncoding(facts.headers.get('accept-encoding'));
  const tokenExpiresAtSeconds = partition === null ? null : (identity?.expiresAtSeconds ?? null);
  let request: OriginRequest | null = null;

  const result = await throughCache(service, passage, decision, engine, {
    encoding,
    tokenExpiresAtSeconds,
    request: () => {
      if (request !== null) return request;
      const origin = router.originOf(route, facts.path, facts.host);
      const caller = { identity, claims: forwardedClaims(identity, route) };
      request = cacheRequest(facts, decision, origin, caller, encoding, policy);
      if (origin.shield === null) return request;
      const { route: _, ...plan } = decision;
      request = {
        ...request,
        relay: {
          shield: origin.shield,
          origin: origin.name,
          route: route.name,
          requestId: context.requestId,
          plan: { ...plan, tokenExpiresAtSeconds },
          heard: (word) => journal.note({ shield: word }),
        },
      };
      return request;
    },
  });
  return respond(facts, result, finishCached(result, decision, identity, platform.nowMs()), platform);
}

/** The look-up, and what it comes to; the log is told. */
export async function throughCache(
  { policy, platform }: Service,
  { context, facts, journal }: Passage,
  decision: CacheDecision,
  engine: Readthrough,
  { encoding, request, tokenExpiresAtSeconds }: Question,
): Promise<CacheResult> {
  const { route, partition } = decision;
  const secret = partition === null ? null : await platform.secret(policy.stores.secrets, 'fingerprint_key');
  const whose = fingerprint(partition, secret ?? '');
  const shared = partition === null || partition.shared;

  const task: CacheTask = {
    cacheKey: decision.cacheKey,
    fingerprint: whose,
    surrogateKeys: decision.surrogateKeys,
    encoding,
    request,
    decide: (status, headers, requestedAtMs) => {
      checkAssertion(status, headers, decision);
      const verdict = freshness({
        lane: decision.lane,
        shared,
        rule: route.freshness,
        path: facts.path,
        status,
        headers,
        nowMs: platform.nowMs(),
        requestedAtMs,
        tokenExpiresAtSeconds,
      });
      journal.note({ notes: verdict.notes });
      // It is stored without the cookie (`stripSetCookie`), and whoever fetched it gets what is stored.
      if (verdict.store && headers.has('set-cookie')) {
        journal.note({ strippedCookies: setCookieNames(headers) });
        removeSetCookie(headers);
      }
      return verdict;
    },
    bufferBytes: policy.limits.bufferBytes,
    betweenBytesTimeoutMs: policy.limits.betweenBytesTimeoutMs,
    collapseTimeoutMs: policy.limits.collapseTimeoutMs,
    waitUntil: (work) => context.waitUntil(work),
    onRefreshFailure: (error) => journal.writeBackground('refresh-failed', asEdgeError(error)),
  };
  // A fingerprint without a key could be guessed from a list of users: it stays out of the log.
  journal.note({ engine: engine.engine, fingerprint: secret ? whose : null });
  const result = await engine.fetch(task);
  journal.note({
    state: result.state,
    detail: result.detail,
    ttlSeconds: result.ttlSeconds,
    ageSeconds: result.ageSeconds,
    originMs: result.originMs,
  });

  return result;
}

/**
 * Where the policy names the origin's own word for whose page it is, it has to be the one that was asked for. Error
 * answers say nothing of anybody.
 *
 * @throws {EdgeError} ERR_ORIGIN_IDENTITY: the page is neither stored nor shown.
 */
function checkAssertion(status: number, headers: ReadonlyFields, { route, partition }: CacheDecision): void {
  const name = route.scope?.assertedBy ?? null;
  if (name === null || partition === null || status >= 400) return;
  if (headers.get(name) === String(partition.values[0])) return;
  const why = headers.has(name) ? 'names somebody else' : 'is missing';
  throw new EdgeError('ERR_ORIGIN_IDENTITY', { cause: new Error(`the response header ${name} ${why}`) });
}
