import { EdgeError } from '../errors.ts';
import { finishCached } from '../finish/finish.ts';
import { asEdgeError } from '../finish/problem.ts';
import { cacheRequest } from '../forward/forward.ts';
import { normaliseAcceptEncoding } from '../http/accept-encoding.ts';
import { loggedNames, namesOfSetCookies, removeSetCookie } from '../http/set-cookie.ts';
import { forwardedClaims } from '../identity/forwarded-claims.ts';
import { answeredCookies } from '../judge/answered-cookies.ts';
import { judgeResponse } from '../judge/judge-response.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import type { CacheDecision } from '../types/decision.ts';
import type { Fields } from '../types/fields.ts';
import type { FreshnessRule } from '../types/policy.ts';
import type { CacheResult, CacheTask, Encoding, OriginRequest, Readthrough } from '../types/readthrough.ts';
import { graphqlPart } from './graphql-part.ts';
import { respond } from './respond.ts';
import type { Passage, Service } from './service.ts';

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
  const encoding = normaliseAcceptEncoding(facts.headers.get('accept-encoding'), decision.operation !== null);
  const tokenExpiresAtSeconds = partition === null ? null : (identity?.expiresAtSeconds ?? null);
  let request: OriginRequest | null = null;

  const question: Question = {
    encoding,
    tokenExpiresAtSeconds,
    request: () => {
      if (request !== null) return request;
      const origin = router.originOf(route, facts.path, facts.host);
      const caller = { identity, claims: forwardedClaims(identity, route) };
      request = cacheRequest(facts, decision, origin, caller, encoding, policy);
      // A GraphQL query's body is no part of a seal: it goes straight to the origin.
      if (origin.shield === null || decision.operation !== null) return request;
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
  };
  return throughCache(service, passage, decision, engine, question, (result) => {
    const nowMs = platform.nowMs();
    const { headers, dropped } = answeredCookies(result.headers, facts, decision, identity, nowMs);
    if (dropped.length > 0) journal.note({ strippedCookies: loggedNames(dropped) });
    return finishCached({ ...result, headers }, decision, identity, nowMs);
  });
}

/** The look-up, and the answer of what it comes to; the log is told. */
export async function throughCache(
  { policy, platform }: Service,
  { context, facts, journal }: Passage,
  decision: CacheDecision,
  engine: Readthrough,
  { encoding, request, tokenExpiresAtSeconds }: Question,
  finish: (result: CacheResult) => Fields,
): Promise<Response> {
  const { partition, route } = decision;
  const secret =
    partition === null
      ? null
      : await platform.secret(policy.stores.secrets, 'fingerprint_key').catch((cause: unknown) => {
          throw new EdgeError('ERR_KEYS_UNAVAILABLE', { cause });
        });
  const whose = fingerprint(partition, secret ?? '');
  const identity = tokenExpiresAtSeconds === null ? null : { expiresAtSeconds: tokenExpiresAtSeconds };
  const decideBy =
    (rule: FreshnessRule): CacheTask['decide'] =>
    (status, headers, requestedAtMs) => {
      const answer = { status, headers, requestedAtMs, nowMs: platform.nowMs() };
      const verdict = judgeResponse(facts.path, decision, identity, answer, rule);
      journal.note({ notes: verdict.notes });
      // It is stored without the cookie (`stripSetCookie`, `stripSetCookies`), and whoever fetched it gets what is stored.
      if (verdict.store && headers.has('set-cookie')) {
        journal.note({ strippedCookies: loggedNames(namesOfSetCookies(headers)) });
        removeSetCookie(headers);
      }
      return verdict;
    };

  const task: CacheTask = {
    cacheKey: decision.cacheKey,
    fingerprint: whose,
    ...(graphqlPart(decision, decideBy) ?? {
      surrogateKeys: decision.surrogateKeys,
      sentinelKeys: decision.surrogateKeys,
      decide: decideBy(route.freshness),
      inspection: null,
    }),
    encoding,
    request,
    bufferBytes: policy.limits.bufferBytes,
    betweenBytesTimeoutMs: policy.limits.betweenBytesTimeoutMs,
    collapseTimeoutMs: policy.limits.collapseTimeoutMs,
    waitUntil: (work) => context.waitUntil(work),
    onRefreshFailure: (error) => journal.writeBackground('refresh-failed', asEdgeError(error)),
  };
  // A fingerprint without a key could be guessed from a list of users: it stays out of the log.
  journal.note({ engine: engine.engine, fingerprint: secret ? whose : null });
  const answer = async (result: CacheResult) => {
    journal.note({
      state: result.state,
      detail: result.detail,
      ttlSeconds: result.ttlSeconds,
      ageSeconds: result.ageSeconds,
      originMs: result.originMs,
    });
    return respond(facts, result, finish(result), platform);
  };
  const result = await engine.fetch(task);
  try {
    return await answer(result);
  } catch (error) {
    // A hit whose body never came: it was found while it was being written, and a purge had come by (publish.ts).
    if (result.state !== 'HIT') throw error;
    return answer(await engine.fetch(task));
  }
}
