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
import type { CacheDecision, CacheTask, OriginRequest, ReadonlyFields, Readthrough } from '../types.ts';
import type { Passage, Service } from './app.ts';
import { respond } from './respond.ts';

/** The public and the scoped lane: through the edge cache. */
export async function serveCached(
  service: Service,
  { context, facts, identity, journal }: Passage,
  decision: CacheDecision,
  engine: Readthrough,
): Promise<Response> {
  const { policy, platform, router } = service;
  const { route, partition } = decision;
  const secret = partition === null ? null : await platform.secret(policy.stores.secrets, 'fingerprint_key');
  const whose = fingerprint(partition, secret ?? '');
  const shared = partition === null || partition.shared;
  const encoding = normaliseAcceptEncoding(facts.headers.get('accept-encoding'));
  let request: OriginRequest | null = null;

  const task: CacheTask = {
    cacheKey: decision.cacheKey,
    fingerprint: whose,
    surrogateKeys: decision.surrogateKeys,
    encoding,
    request: () => {
      request ??= cacheRequest(
        facts,
        decision,
        router.originOf(route, facts.path, facts.host),
        { identity, claims: forwardedClaims(identity, route) },
        encoding,
        policy,
      );
      return request;
    },
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
        tokenExpiresAtSeconds: partition === null ? null : (identity?.expiresAtSeconds ?? null),
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

  return respond(facts, result, finishCached(result, decision, identity, platform.nowMs()), platform);
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
