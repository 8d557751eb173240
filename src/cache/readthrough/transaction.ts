import { originFailure } from '../../origin/origin-failure.ts';
import type { CoreCachePort } from '../../platform/core-cache-port.ts';
import type { HttpCacheCandidate, HttpCacheHooks, StorageVerdict } from '../../platform/http-cache-port.ts';
import type { CacheTask, TaskCalls } from '../cache-engine.ts';
import { withoutStrippedCookies } from '../fetch-alone.ts';
import { withoutEcho } from '../forwarded-echo.ts';
import type { FreshnessDecision } from '../freshness/freshness-decision.ts';
import { plantSentinel, type Sentinel } from '../sentinel.ts';
import { publicationCheck } from './publication.ts';
import { isRenewal, type Validators, validatorsOf } from './renewal.ts';
import { isSilent, OriginSilent } from './silence.ts';
import { marker, newObjectKey, removeOurs, stored } from './storage.ts';

/** What the origin answered, and what became of it. */
export interface OriginAnswer {
  readonly decision: FreshnessDecision;
  readonly verdict: StorageVerdict;
  readonly originMs: number;
  /** A 304: there is no body but the stored one. */
  readonly renews: boolean;
}

/** One look-up in the platform's cache, as its hooks see it. */
export interface HookTransaction {
  readonly hooks: HttpCacheHooks;
  /** The origin has been asked. */
  readonly sent: boolean;
  /** null: it has not answered, or its answer gave way to a stale copy. */
  readonly answer: OriginAnswer | null;
  readonly originMs: number | null;
  /** What was stored is taken out again: its body never came. */
  takeBack(): void;
  /** What was stored is taken out again where a purge came by in the moment in which it was stored; true: so it was. */
  takeBackIfPurged(): boolean;
  /**
   * The look-up has been answered with a stale copy, and the origin is asked behind it: what fails from now on leaves the copy
   * where it is. Resolves with it, or with null, when the origin has answered, or `timeoutMs` have passed.
   */
  inBackground(timeoutMs: number): Promise<unknown>;
}

/** Thrown out of the platform's hook where a stale copy is better than the answer. */
export class OriginFailed extends Error {
  override readonly name = 'OriginFailed';
}

export interface TransactionDeps {
  readonly core: CoreCachePort | null;
  readonly purge: (surrogateKey: string) => void;
  readonly nowMs: () => number;
}

/** `forwarded`: values that the origin is sent and that no stored response may hold. */
export function startTransaction(
  task: CacheTask,
  { evaluate }: Pick<TaskCalls, 'evaluate'>,
  forwarded: readonly string[],
  { core, purge, nowMs }: TransactionDeps,
): HookTransaction {
  let requestedAtMs: number | null = null;
  let originMs: number | null = null;
  let sentinel: Sentinel | null = null;
  let validators: Validators | null = null;
  let answer: OriginAnswer | null = null;
  let background: { readonly settled: () => void } | null = null;
  let backgroundFailure: unknown = null;
  let objectKey: string | null = null;
  const isIntact = () => sentinel === null || sentinel.isIntact();

  function takeBack(): void {
    if (objectKey !== null) purge(objectKey);
    objectKey = null;
  }

  function takeBackIfPurged(): boolean {
    if (objectKey === null || isIntact()) return false;
    takeBack();
    return true;
  }

  const hooks: HttpCacheHooks = {
    beforeSend(request) {
      if (core !== null && isSilent(core, task.cacheKey)) throw new OriginSilent();
      requestedAtMs = nowMs();
      validators = validatorsOf(request);
      sentinel = core === null ? null : plantSentinel(core, task.cacheKey, task.sentinelKeys);
      return undefined;
    },
    afterSend(candidate) {
      const askedAtMs = requestedAtMs ?? nowMs();
      originMs = nowMs() - askedAtMs;
      const isBackground = background !== null;
      background?.settled();
      try {
        const { status } = candidate;
        if (status >= 500 && (isBackground || candidate.staleIfErrorAvailable())) {
          throw new OriginFailed(`the origin answered ${status}`);
        }
        answer = answered(candidate, askedAtMs, originMs);
        return answer.verdict;
      } catch (error) {
        if (isBackground) backgroundFailure = originFailure(error);
        throw error;
      }
    },
  };

  function answered(candidate: HttpCacheCandidate, askedAtMs: number, originMs: number): OriginAnswer {
    const { status, headers } = candidate;
    const renews = isRenewal(validators, headers);
    const decision = evaluate({ status, headers, requestedAtMs: askedAtMs });
    withoutStrippedCookies(decision, headers);
    removeOurs(headers);
    const facts = { decision, originMs, renews };
    if (!decision.store) return { ...facts, verdict: marker(status) };
    // What it was rendered from is gone. A marker would keep the next one out as well.
    if (!isIntact()) return { ...facts, verdict: { kind: 'abandon' } };
    objectKey = newObjectKey();
    // Behind a stale answer the runtime loses count of what it waits for where it is given a body to look at.
    const check =
      background === null ? publicationCheck(headers, task.bufferBytes, { isIntact, takeBack }) : null;
    const verdict = stored(task, decision, headers, objectKey, check);
    // Last: from then on nothing of them can be changed.
    const final = withoutEcho(decision, task.forwarded, forwarded, candidate);
    if (final.store) return { ...facts, verdict };
    objectKey = null;
    return { ...facts, decision: final, verdict: marker(status) };
  }

  return {
    hooks,
    get sent() {
      return requestedAtMs !== null;
    },
    get answer() {
      return answer;
    },
    get originMs() {
      return originMs;
    },
    takeBack,
    takeBackIfPurged,
    inBackground(timeoutMs) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          resolve(originFailure(new Error('the origin could not be reached, or timed out')));
        }, timeoutMs);
        background = {
          settled() {
            clearTimeout(timer);
            // It is stored once the hook has returned.
            setTimeout(() => {
              takeBackIfPurged();
              resolve(backgroundFailure);
            }, 0);
          },
        };
      });
    },
  };
}
