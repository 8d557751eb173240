import { fingerprintKey } from '../crypto/fingerprint-key.ts';
import { asEdgeError } from '../errors.ts';
import { platformKey } from '../keys/cache-key.ts';
import { keyDigest } from '../keys/fingerprint.ts';
import type { CacheDecision, RejectDecision } from '../lanes/decision.ts';
import { evaluateResponse, type OriginResponse, ruleOf } from './evaluate-response.ts';
import type { Observed } from './log-record.ts';
import type { PassPlan } from './planned-request.ts';
import type { Service } from './service.ts';

/**
 * What would have been done with a request that a switch lets through, and with the answer that it got. The origin saw all
 * that the client sent, where the cache would have asked with less: an answer that sets a cookie here may not do so then.
 */
export async function observed(
  { policy, platform }: Service,
  { facts: { path }, credential }: Pick<PassPlan, 'facts' | 'credential'>,
  decision: CacheDecision | RejectDecision,
  answer: OriginResponse,
): Promise<Observed> {
  const { lane, reason } = decision;
  const nothing = { lane, reason, code: null, key: null, surrogateKeys: 0, ttlSeconds: null, detail: '' };
  if (lane === 'reject') return { ...nothing, code: decision.code };
  // A store that is down costs the digest, not the page.
  const secret = await fingerprintKey(platform, policy, 'show');
  const told = {
    ...nothing,
    key: secret ? await keyDigest(await platformKey(decision.cacheKey), secret) : null,
    surrogateKeys: decision.surrogateKeys.length,
  };
  try {
    const expiresAt = credential.identity?.expiresAtSeconds ?? null;
    const verdict = evaluateResponse(path, decision, expiresAt, answer, ruleOf(decision));
    return { ...told, ttlSeconds: verdict.store ? verdict.ttlSeconds : null, detail: verdict.reason };
  } catch (cause) {
    return { ...told, code: asEdgeError(cause).code };
  }
}
