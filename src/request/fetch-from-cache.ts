import { asEdgeError, EdgeError, HttpCacheDisabled } from '../errors.ts';
import { loggedNames, namesOfSetCookies, removeSetCookie } from '../http/set-cookie.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import type { FreshnessDecision } from '../types/freshness.ts';
import type { RequestContext } from '../types/platform.ts';
import type { FreshnessRule } from '../types/policy.ts';
import type { CacheTask, OriginRequest, Readthrough } from '../types/readthrough.ts';
import { evaluateResponse } from './evaluate-response.ts';
import { type CacheWork, type Failed, type Found, failed } from './fetched.ts';
import { graphqlPart } from './graphql-task.ts';
import type { LogFields } from './log-record.ts';
import type { Service } from './service.ts';

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
  engine: Readthrough,
  work: Work,
  originRequest: () => OriginRequest,
): Promise<Found<Work> | Failed> {
  const { partition, route, facts, encoding, tokenExpiresAtSeconds, cacheKey, surrogateKeys } = work;
  let secret: string | null = null;
  if (partition !== null) {
    try {
      secret = await platform.secret(policy.stores.secrets, 'fingerprint_key');
    } catch (cause) {
      return failed(new EdgeError('ERR_KEYS_UNAVAILABLE', { cause }), work.log);
    }
  }
  const whose = fingerprint(partition, secret ?? '');
  const sends = (field: string) => facts.headers.has(field);
  /** Of what the origin has answered to this very request. */
  let evaluated: FreshnessDecision | null = null;
  let strippedCookies: readonly string[] = [];
  const decideBy =
    (rule: FreshnessRule): CacheTask['decide'] =>
    (status, headers, requestedAtMs) => {
      const answer = { status, headers, requestedAtMs, nowMs: platform.nowMs() };
      const verdict = evaluateResponse(facts.path, work, tokenExpiresAtSeconds, answer, rule);
      evaluated = verdict;
      // It is stored without the cookie (`stripSetCookie`, `stripSetCookies`), and whoever fetched it gets what is stored.
      if (verdict.store && headers.has('set-cookie')) {
        strippedCookies = loggedNames(namesOfSetCookies(headers));
        removeSetCookie(headers);
      }
      return verdict;
    };
  const works: Promise<unknown>[] = [];
  let refreshFailure: EdgeError | null = null;

  const task: CacheTask = {
    cacheKey,
    fingerprint: whose,
    ...(graphqlPart(work, decideBy) ?? {
      surrogateKeys,
      sentinelKeys: surrogateKeys,
      decide: decideBy(route.freshness),
      inspection: null,
    }),
    encoding,
    sends,
    request: originRequest,
    bufferBytes: policy.limits.bufferBytes,
    betweenBytesTimeoutMs: policy.limits.betweenBytesTimeoutMs,
    collapseTimeoutMs: policy.limits.collapseTimeoutMs,
    waitUntil(work) {
      works.push(work);
      context.waitUntil(work);
    },
    cutOff: platform.cutOff,
    onRefreshFailure(error) {
      refreshFailure = asEdgeError(error);
    },
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
    const result = await engine.fetch(task);
    const { state, detail, ttlSeconds, ageSeconds, originMs } = result;
    const varies = result.unkeyedVary ?? (originMs === null ? [] : unkeyedOf(evaluated));
    return {
      kind: 'found',
      work,
      result,
      isForClient: !varies.some(sends),
      log: {
        ...seen(),
        ...{ state, detail, ttlSeconds, ageSeconds, originMs },
        ...(varies.length === 0 ? {} : { unkeyedVary: varies.slice(0, MAX_LOGGED) }),
      },
      background: works.length === 0 ? null : Promise.all(works).then(() => refreshFailure),
    };
  } catch (error) {
    if (error instanceof HttpCacheDisabled) throw error;
    return failed(asEdgeError(error), seen());
  }
}

function unkeyedOf(evaluated: FreshnessDecision | null): readonly string[] {
  return evaluated?.unkeyedVary ?? [];
}
