import { finishCached } from '../finish/finish.ts';
import { cacheRequest } from '../forward/forward.ts';
import { freshness } from '../freshness/freshness.ts';
import { normaliseAcceptEncoding } from '../http/accept-encoding.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import type { CacheDecision, CacheTask, Readthrough } from '../types.ts';
import type { Passage, Service } from './app.ts';

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

  const task: CacheTask = {
    cacheKey: decision.cacheKey,
    fingerprint: whose,
    surrogateKeys: decision.surrogateKeys,
    request: cacheRequest(
      facts,
      decision,
      router.originOf(route, facts.path),
      identity,
      normaliseAcceptEncoding(facts.headers.get('accept-encoding')),
      policy,
    ),
    decide: (status, headers, requestedAtMs) =>
      freshness({
        lane: decision.lane,
        shared,
        rule: route.freshness,
        status,
        headers,
        nowMs: platform.nowMs(),
        requestedAtMs,
        tokenExpiresAtSeconds: partition === null ? null : (identity?.expiresAtSeconds ?? null),
      }),
    bufferBytes: policy.limits.bufferBytes,
    collapseTimeoutMs: policy.limits.collapseTimeoutMs,
    waitUntil: (work) => context.waitUntil(work),
  };
  // A fingerprint without a key could be guessed from a list of users: it stays out of the log.
  journal.note({ engine: engine.engine, fingerprint: secret === null ? null : whose });
  const result = await engine.fetch(task);
  journal.note({
    state: result.state,
    detail: result.detail,
    ttlSeconds: result.ttlSeconds,
    ageSeconds: result.ageSeconds,
    originMs: result.originMs,
  });

  const headers = finishCached(result, decision, identity, platform.nowMs());
  if (facts.method === 'HEAD' || result.body === null) {
    if (result.body instanceof ReadableStream) context.waitUntil(result.body.cancel());
    return new Response(null, { status: result.status, headers });
  }
  return new Response(result.body as BodyInit, { status: result.status, headers });
}
