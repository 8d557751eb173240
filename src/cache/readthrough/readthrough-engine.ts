import { HeaderFields } from '../../http/header-fields.ts';
import type { RetryRule } from '../../origin/fetch-with-retry.ts';
import { isTimeout, originFailure } from '../../origin/origin-failure.ts';
import type { CoreCachePort } from '../../platform/core-cache-port.ts';
import type { HttpCachePort, HttpCacheResponse } from '../../platform/http-cache-port.ts';
import type { OriginRequest } from '../../platform/origin-request.ts';
import type { BodySource, CacheEngine, CacheResult, CacheTask, TaskCalls } from '../cache-engine.ts';
import { fetchAlone, notForThisClient, withoutStrippedCookies } from '../fetch-alone.ts';
import { forwardedValues } from '../forwarded-echo.ts';
import { createLookUp } from './look-up.ts';
import { outcomeOf, secondsLeft } from './outcome.ts';
import { PurgedMeanwhile } from './publication.ts';
import { type BodyWay, responseBody } from './response-body.ts';
import { noteSilence, OriginSilent } from './silence.ts';
import { FINGERPRINT_HEADER, OBJECT_HEADER, removeOurs, UNKEYED_VARY_HEADER } from './storage.ts';
import { type HookTransaction, type OriginAnswer, startTransaction } from './transaction.ts';
import { createUnkeyedMemory } from './unkeyed-memory.ts';

export interface ReadthroughEngineDeps {
  readonly http: HttpCachePort;
  /** For the sentinel; null: responses that a purge overtook are not recognised. */
  readonly core: CoreCachePort | null;
  readonly fetchOrigin: (request: OriginRequest) => Promise<Response>;
  readonly purge: (surrogateKey: string) => void;
  readonly retryRule: RetryRule;
  readonly nowMs: () => number;
}

/**
 * The readthrough cache on Fastly's HTTP cache: collapsing, variants, revalidation and stale serving are the
 * platform's. Only the freshness decision, the surrogate keys, markers, retries and the leak guard are ours.
 */
export function createReadthroughEngine(deps: ReadthroughEngineDeps): CacheEngine {
  const { http, core, fetchOrigin, purge, retryRule, nowMs } = deps;
  const { isFilling, look, refresh } = createLookUp(http, nowMs);
  const unkeyed = createUnkeyedMemory(nowMs);
  return { engine: 'readthrough', fetch: fetchThrough };

  async function fetchThrough(task: CacheTask, calls: TaskCalls): Promise<CacheResult> {
    // Past a marker no hook runs: what is looked up with has to be what the origin may be asked, on a HIT too.
    const asked = calls.originRequest();
    // Given to the wrong engine, it must not be stored unseen: see choose-engine.ts.
    if (task.inspectBytes !== null || asked.method !== 'GET')
      return fetchAlone(task, calls, 'graphql-unseen', fetchOrigin, nowMs);
    const known = unkeyed.get(task.cacheKey);
    // What is stored is not for this client: a look-up would change nothing.
    if (known?.some((field) => task.sent.has(field))) return notForThisClient(known);
    const firstByteTimeoutMs = asked.firstByteTimeoutMs ?? retryRule.firstByteTimeoutMs;
    const request = { ...asked, firstByteTimeoutMs };
    const forwarded = forwardedValues(asked.headers, task.forwarded);
    for (let left = retryRule.retries; ; left--) {
      if (isFilling(task.cacheKey)) return fetchAlone(task, calls, 'collapse-timeout', fetchOrigin, nowMs);
      const startedMs = nowMs();
      const transaction = startTransaction(task, calls, forwarded, deps);
      let response: HttpCacheResponse;
      try {
        response = await look(request, task.cacheKey, transaction);
      } catch (error) {
        if (error instanceof PurgedMeanwhile)
          return fetchAlone(task, calls, 'purged-meanwhile', fetchOrigin, nowMs);
        if (error instanceof OriginSilent)
          return fetchAlone(task, calls, 'collapse-timeout', fetchOrigin, nowMs);
        if (core !== null && isTimeout(error)) noteSilence(core, task.cacheKey);
        const failure = originFailure(error);
        const isAnswered = transaction.answer !== null;
        // The body broke off while it was being stored: the local server keeps what was abandoned.
        if (isAnswered) transaction.takeBack();
        if (left > 0 && !isAnswered && failure !== error && !isTimeout(error)) continue;
        throw failure;
      }
      const isUnreached = response.masksError && transaction.sent && transaction.originMs === null;
      if (!isUnreached || left === 0)
        return resultOf(task, calls, response, transaction, startedMs, firstByteTimeoutMs);
      discard(response);
    }
  }

  async function resultOf(
    task: CacheTask,
    calls: TaskCalls,
    response: HttpCacheResponse,
    transaction: HookTransaction,
    startedMs: number,
    firstByteTimeoutMs: number,
  ): Promise<CacheResult> {
    const outcome = outcomeOf(transaction, response);
    if (outcome.from === 'marker') return passed(task, calls, response, startedMs);
    if (outcome.from === 'origin')
      return answered(task, calls, response, outcome.answer, transaction.takeBackIfPurged());

    const { state, detail } = outcome;
    const isRefreshed = transaction.sent && detail === 'while-revalidate';
    const behind = isRefreshed ? { background: refresh(task.cacheKey, transaction, firstByteTimeoutMs) } : {};
    const { headers } = response;
    if (headers.get(FINGERPRINT_HEADER) !== task.fingerprint) {
      evict(response);
      discard(response);
      return { ...(await fetchAlone(task, calls, 'leak-guard', fetchOrigin, nowMs)), ...behind };
    }
    const unkeyedVary = headers.get(UNKEYED_VARY_HEADER);
    return {
      state,
      status: response.status,
      headers,
      body: bodyOf(task, response, 'stored'),
      ageSeconds: Math.floor(response.ageSeconds),
      ttlSeconds: secondsLeft(response, state),
      stored: false,
      detail,
      originMs: transaction.originMs,
      ...behind,
      ...(unkeyedVary === null ? {} : { unkeyedVary: unkeyedVary.split(',') }),
    };
  }

  /** From the origin, through the cache. */
  async function answered(
    task: CacheTask,
    calls: TaskCalls,
    response: HttpCacheResponse,
    { decision, verdict, originMs, renews }: OriginAnswer,
    isTakenBack: boolean,
  ): Promise<CacheResult> {
    const isPurged = isTakenBack || verdict.kind === 'abandon';
    const isStored = verdict.kind === 'store' && !isTakenBack;
    if (!isStored) unkeyed.set(task.cacheKey, decision);
    const detail = isPurged ? 'purged-meanwhile' : decision.reason;
    // There is no body but the stored one, which the platform gives out only where it is kept.
    if (renews && verdict.kind !== 'store') {
      discard(response);
      return fetchAlone(task, calls, detail, fetchOrigin, nowMs);
    }
    return {
      state: 'MISS',
      status: response.status,
      headers: response.headers,
      body: bodyOf(task, response, isStored ? 'arriving' : 'passing'),
      ageSeconds: decision.initialAgeSeconds,
      ttlSeconds: isStored ? decision.ttlSeconds : 0,
      stored: isStored,
      detail: renews && isStored ? 'revalidated' : detail,
      originMs,
    };
  }

  /** Past a marker no hook has run: what they do to an answer is done here. It is not stored before the marker is gone. */
  function passed(
    task: CacheTask,
    { evaluate }: TaskCalls,
    response: HttpCacheResponse,
    requestedAtMs: number,
  ): CacheResult {
    const headers = new HeaderFields(response.headers);
    const decision = evaluate({ status: response.status, headers, requestedAtMs });
    withoutStrippedCookies(decision, headers);
    removeOurs(headers);
    unkeyed.set(task.cacheKey, decision);
    return {
      state: 'MISS',
      status: response.status,
      headers,
      body: bodyOf(task, { ...response, headers }, 'passing'),
      ageSeconds: decision.initialAgeSeconds,
      ttlSeconds: 0,
      stored: false,
      detail: decision.store ? 'behind-marker' : decision.reason,
      originMs: nowMs() - requestedAtMs,
    };
  }

  function bodyOf(task: CacheTask, response: HttpCacheResponse, way: BodyWay): BodySource | null {
    const { body, headers, status } = response;
    return body === null ? null : responseBody(body, headers, task, way, status, () => evict(response));
  }

  /** Takes an object that must not be served out of the cache; nothing where there is none. */
  function evict({ headers }: HttpCacheResponse): void {
    const objectKey = headers.get(OBJECT_HEADER);
    if (objectKey !== null) purge(objectKey);
  }
}

function discard({ body }: HttpCacheResponse): void {
  body?.cancel().catch(() => {});
}
