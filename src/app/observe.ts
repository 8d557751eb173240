import { freshness } from '../freshness/freshness.ts';
import { keyDigest } from '../keys/fingerprint.ts';
import type { Observed } from '../log/log-record.ts';
import type { CacheDecision, Identity, RejectDecision } from '../types.ts';
import type { Service } from './app.ts';

/**
 * What would have been done with a request that a switch lets through, and with the answer that it got. The origin saw all
 * that the client sent, where the cache would have asked with less: an answer that sets a cookie here may not do so then.
 */
export async function observed(
  { policy, platform }: Service,
  decision: CacheDecision | RejectDecision,
  path: string,
  identity: Identity | null,
  response: { readonly status: number; readonly headers: Headers },
  requestedAtMs: number,
): Promise<Observed> {
  const { lane, reason } = decision;
  if (lane === 'reject') {
    return { lane, reason, code: decision.code, key: null, surrogateKeys: 0, ttlSeconds: null, detail: '' };
  }
  const verdict = freshness({
    lane,
    shared: decision.partition === null || decision.partition.shared,
    rule: decision.route.freshness,
    path,
    status: response.status,
    headers: response.headers,
    nowMs: platform.nowMs(),
    requestedAtMs,
    tokenExpiresAtSeconds: decision.partition === null ? null : (identity?.expiresAtSeconds ?? null),
  });
  // A store that is down costs the digest, not the page.
  const secret = await platform.secret(policy.stores.secrets, 'fingerprint_key').catch(() => null);
  return {
    lane,
    reason,
    code: null,
    key: secret === null ? null : keyDigest(decision.cacheKey, secret),
    surrogateKeys: decision.surrogateKeys.length,
    ttlSeconds: verdict.store ? verdict.ttlSeconds : null,
    detail: verdict.reason,
  };
}
