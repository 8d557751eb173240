import { asEdgeError, EdgeError, HttpCacheDisabled } from '../errors.ts';
import { loggedNames, namesOfSetCookies } from '../http/set-cookie.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import type { FreshnessDecision } from '../types/freshness.ts';
import type { RequestContext } from '../types/platform.ts';
import type { FreshnessRule } from '../types/policy.ts';
import type {
  CacheEngine,
  CacheResult,
  CacheTask,
  OriginRequest,
  ReceivedHead,
} from '../types/readthrough.ts';
import { evaluateResponse } from './evaluate-response.ts';
import { type CacheWork, type Failed, type Found, failed } from './fetched.ts';
import type { LogFields } from './log-record.ts';
import type { Service } from './service.ts';
import { evaluateAnswer, taskPart } from './task-part.ts';

/** Names in a line of the log. */
const MAX_LOGGED = 10;

/**
 * Through the edge cache, and the origin where that has nothing.
 *
 * @param originRequest - What the origin is asked: called where it is, and not on a HIT.
 * @throws {HttpCacheDisabled} where the engine is not there. Everything else that fails is an outcome.
 */
export async function fetchFromCache<Work extends CacheWork>(
  { policy, platform }: Service,
  context: RequestContext,
  engine: CacheEngine,
  work: Work,
  originRequest: () => OriginRequest,
): Promise<Found<Work> | Failed> {
  const { partition, facts, encoding, tokenExpiresAtSeconds, cacheKey } = work;
  let secret: string | null = null;
  if (partition !== null) {
    try {
      secret = await platform.secret(policy.stores.secrets, 'fingerprint_key');
    } catch (cause) {
      return failed(new EdgeError('ERR_KEYS_UNAVAILABLE', { cause }), work.log);
    }
  }
  const whose = fingerprint(partition, secret ?? '');
  const { rule, ...part } = taskPart(work);
  /** The last decision on what the origin has answered to this very request. */
  let evaluated: FreshnessDecision | null = null;
  let strippedCookies: readonly string[] = [];

  function evaluateBy(by: FreshnessRule, head: ReceivedHead): FreshnessDecision {
    const answer = { ...head, nowMs: platform.nowMs() };
    const decision = evaluateResponse(facts.path, work, tokenExpiresAtSeconds, answer, by);
    evaluated = decision;
    // Engines take them out.
    if (decision.store && head.headers.has('set-cookie'))
      strippedCookies = loggedNames(namesOfSetCookies(head.headers));
    return decision;
  }

  function evaluate(head: ReceivedHead): FreshnessDecision;
  function evaluate(head: ReceivedHead, body: Uint8Array | null): Promise<FreshnessDecision>;
  function evaluate(head: ReceivedHead, body?: Uint8Array | null) {
    if (body === undefined) return evaluateBy(rule, head);
    return evaluateAnswer(work, head.headers, body, (by) => evaluateBy(by, head));
  }

  const task: CacheTask = {
    cacheKey,
    fingerprint: whose,
    ...part,
    encoding,
    sent: facts.headers,
    bufferBytes: policy.limits.bufferBytes,
    betweenBytesTimeoutMs: policy.limits.betweenBytesTimeoutMs,
    collapseTimeoutMs: policy.limits.collapseTimeoutMs,
  };
  const seen = (): LogFields => ({
    ...work.log,
    engine: engine.engine,
    // A fingerprint without a key could be guessed from a list of users: it stays out of the log.
    fingerprint: secret ? whose : null,
    ...(evaluated === null ? {} : { notes: evaluated.notes }),
    ...(strippedCookies.length === 0 ? {} : { strippedCookies }),
  });
  try {
    const result = await engine.fetch(task, { originRequest, evaluate });
    const { state, detail, ttlSeconds, ageSeconds, originMs } = result;
    const varies = result.unkeyedVary ?? (originMs === null ? [] : unkeyedOf(evaluated));
    return {
      kind: 'found',
      work,
      result,
      isForClient: !varies.some((field) => facts.headers.has(field)),
      log: {
        ...seen(),
        ...{ state, detail, ttlSeconds, ageSeconds, originMs },
        ...(varies.length === 0 ? {} : { unkeyedVary: varies.slice(0, MAX_LOGGED) }),
      },
      background: background(result, context),
    };
  } catch (error) {
    if (error instanceof HttpCacheDisabled) throw error;
    return failed(asEdgeError(error), seen());
  }
}

/** The sandbox stays for work that outlives the answer. */
function background({ background }: CacheResult, context: RequestContext): Found['background'] {
  if (background === undefined) return null;
  context.waitUntil(background);
  return background.then((error) => (error === null ? null : asEdgeError(error)));
}

function unkeyedOf(evaluated: FreshnessDecision | null): readonly string[] {
  return evaluated?.unkeyedVary ?? [];
}
