import { keyDigest } from '../keys/fingerprint.ts';
import type { CacheDecision, RejectDecision } from '../types/decision.ts';
import type { Identity } from '../types/identity.ts';
import { evaluateResponse, type OriginResponse } from './evaluate-response.ts';
import type { Observed } from './log-record.ts';
import { asEdgeError } from './problem.ts';
import type { Service } from './service.ts';

/**
 * What would have been done with a request that a switch lets through, and with the answer that it got. The origin saw all
 * that the client sent, where the cache would have asked with less: an answer that sets a cookie here may not do so then.
 */
export async function observed(
  { policy, platform }: Service,
  decision: CacheDecision | RejectDecision,
  path: string,
  identity: Identity | null,
  answer: OriginResponse,
): Promise<Observed> {
  const { lane, reason } = decision;
  const nothing = { lane, reason, code: null, key: null, surrogateKeys: 0, ttlSeconds: null, detail: '' };
  if (lane === 'reject') return { ...nothing, code: decision.code };
  // A store that is down costs the digest, not the page.
  const secret = await platform.secret(policy.stores.secrets, 'fingerprint_key').catch(() => null);
  const facts = {
    ...nothing,
    key: secret ? keyDigest(decision.cacheKey, secret) : null,
    surrogateKeys: decision.surrogateKeys.length,
  };
  try {
    const verdict = evaluateResponse(path, decision, identity, answer);
    return { ...facts, ttlSeconds: verdict.store ? verdict.ttlSeconds : null, detail: verdict.reason };
  } catch (cause) {
    return { ...facts, code: asEdgeError(cause).code };
  }
}
