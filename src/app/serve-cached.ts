import { finishCached } from '../finish/finish.ts';
import { asEdgeError } from '../finish/problem.ts';
import { cacheRequest } from '../forward/forward.ts';
import { normaliseAcceptEncoding } from '../http/accept-encoding.ts';
import { forwardedClaims } from '../identity/forwarded-claims.ts';
import { judgeResponse } from '../judge/judge-response.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import type {
  CacheDecision,
  CacheResult,
  CacheTask,
  FreshnessRule,
  OriginRequest,
  Readthrough,
} from '../types.ts';
import type { Passage, Service } from './app.ts';
import { graphqlPart } from './graphql-part.ts';
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
  const encoding = normaliseAcceptEncoding(facts.headers.get('accept-encoding'), decision.operation !== null);
  let request: OriginRequest | null = null;
  const decideBy =
    (rule: FreshnessRule): CacheTask['decide'] =>
    (status, headers, requestedAtMs) => {
      const answer = { status, headers, requestedAtMs, nowMs: platform.nowMs() };
      const verdict = judgeResponse(facts.path, decision, identity, answer, rule);
      journal.note({ notes: verdict.notes });
      // It is stored without the cookie (`stripSetCookie`), and whoever fetched it gets what is stored.
      if (verdict.store) headers.delete('set-cookie');
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
    return respond(facts, result, finishCached(result, decision, identity, platform.nowMs()), platform);
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
