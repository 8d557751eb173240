import type { CacheEngine, CacheResult, CacheTask, ReceivedHead } from '../cache/cache-engine.ts';
import type { FreshnessDecision } from '../cache/freshness/freshness-decision.ts';
import { fingerprintKey } from '../crypto/fingerprint-key.ts';
import { asEdgeError } from '../errors.ts';
import { loggedNames, namesOfSetCookies } from '../http/set-cookie.ts';
import { fingerprint, PUBLIC_FINGERPRINT } from '../keys/fingerprint.ts';
import { HttpCacheDisabled } from '../platform/http-cache-port.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { RequestContext } from '../platform/request-context.ts';
import type { FreshnessRule } from '../policy/routes/route.ts';
import type { Relay } from '../shield/relay-plan.ts';
import { evaluateResponse } from './evaluate-response.ts';
import { type CacheWork, type Failed, type Found, failed } from './fetched.ts';
import type { AnswerReading } from './look-into-answer.ts';
import type { Service } from './service.ts';
import { evaluateAnswer, taskPart } from './task-part.ts';

/** Names in a line of the log. */
const MAX_LOGGED = 10;
const NONE: readonly never[] = [];

/**
 * Through the edge cache, and the origin where that has nothing.
 *
 * @param originRequest - What the origin is asked: called where it is, and not on a HIT.
 * @returns null where the engine is not there. What fails otherwise is an outcome: it never rejects.
 */
export async function fetchFromCache<Work extends CacheWork>(
  { policy, platform }: Service,
  context: RequestContext,
  engine: CacheEngine,
  work: Work,
  originRequest: (onShieldResult: Relay['onShieldResult'], reading: AnswerReading) => OriginRequest,
): Promise<Found<Work> | Failed | null> {
  const { partition, facts, encoding, tokenExpiresAtSeconds, cacheKey } = work;
  let secret: string | null = null;
  if (partition !== null) {
    try {
      secret = await fingerprintKey(platform, policy, 'compare');
    } catch (error) {
      return failed(asEdgeError(error), {});
    }
  }
  const whose = partition === null ? PUBLIC_FINGERPRINT : await fingerprint(partition, secret ?? '');
  const part = taskPart(work);
  /** The last decision on what the origin has answered to this very request. */
  const evaluated: { decision: FreshnessDecision | null } = { decision: null };
  const reading: AnswerReading = { current: null };
  let strippedCookies: readonly string[] = NONE;

  function evaluateBy(by: FreshnessRule, head: ReceivedHead): FreshnessDecision {
    const answer = { ...head, nowMs: platform.nowMs() };
    const decision = evaluateResponse(facts.path, work, tokenExpiresAtSeconds, answer, by);
    evaluated.decision = decision;
    // Engines take them out.
    if (decision.store && head.headers.has('set-cookie'))
      strippedCookies = loggedNames(namesOfSetCookies(head.headers));
    return decision;
  }

  function evaluate(head: ReceivedHead): FreshnessDecision;
  function evaluate(head: ReceivedHead, body: Uint8Array | null): Promise<FreshnessDecision>;
  function evaluate(head: ReceivedHead, body?: Uint8Array | null) {
    if (body === undefined) return evaluateBy(part.rule, head);
    return evaluateAnswer(work, head.headers, body, reading.current, (by) => evaluateBy(by, head));
  }

  const task: CacheTask = {
    cacheKey,
    fingerprint: whose,
    surrogateKeys: part.surrogateKeys,
    sentinelKeys: part.sentinelKeys,
    inspectBytes: part.inspectBytes,
    encoding,
    sent: facts.headers,
    forwarded: policy.forwardHeaders,
    bufferBytes: policy.limits.bufferBytes,
    betweenBytesTimeoutMs: policy.limits.betweenBytesTimeoutMs,
    collapseTimeoutMs: policy.limits.collapseTimeoutMs,
  };
  let shield: string | null = null;
  const request = () =>
    originRequest((result) => {
      shield = result;
    }, reading);
  // A fingerprint without a key could be guessed from a list of users: it stays out of the log.
  const logged = { engine: engine.engine, fingerprint: secret ? whose : null };
  try {
    const result = await engine.fetch(task, { originRequest: request, evaluate });
    const { state, detail, ttlSeconds, ageSeconds, originMs } = result;
    const varies =
      result.unkeyedVary ?? (originMs === null ? NONE : (evaluated.decision?.unkeyedVary ?? NONE));
    return {
      kind: 'found',
      work,
      result,
      isForClient: varies.length === 0 || !varies.some((field) => facts.headers.has(field)),
      log: {
        engine: logged.engine,
        fingerprint: logged.fingerprint,
        notes: evaluated.decision?.notes ?? NONE,
        strippedCookies,
        shield,
        state,
        detail,
        ttlSeconds,
        ageSeconds,
        originMs,
        unkeyedVary: varies.slice(0, MAX_LOGGED),
      },
      background: background(result, context),
    };
  } catch (error) {
    if (error instanceof HttpCacheDisabled) return null;
    const notes = evaluated.decision?.notes ?? NONE;
    return failed(asEdgeError(error), { ...logged, notes, strippedCookies, shield });
  }
}

/** The sandbox stays for work that outlives the answer. */
function background({ background }: CacheResult, context: RequestContext): Found['background'] {
  if (background === undefined) return null;
  context.waitUntil(background);
  return background.then((error) => (error === null ? null : asEdgeError(error)));
}
