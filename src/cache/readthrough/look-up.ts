import { EdgeError } from '../../errors.ts';
import type { HttpCachePort, HttpCacheResponse } from '../../platform/http-cache-port.ts';
import type { OriginRequest } from '../../platform/origin-request.ts';
import type { HookTransaction } from './transaction.ts';

/** A key that is being filled here is not looked up again for so long: the look-up would wait for this very sandbox. */
const FILLING_MS = 60_000;

/** Looks up in the platform's cache, and knows which keys this sandbox is filling. */
export interface LookUp {
  isFilling(cacheKey: string): boolean;
  look(request: OriginRequest, cacheKey: string, transaction: HookTransaction): Promise<HttpCacheResponse>;
  /** A stale copy has been served, and what follows goes on behind it. Resolves with what failed, or with null. */
  refresh(cacheKey: string, transaction: HookTransaction, timeoutMs: number): Promise<unknown>;
}

export function createLookUp(http: HttpCachePort, nowMs: () => number): LookUp {
  const sinceMs = new Map<string, number>();
  return {
    isFilling: (cacheKey) => nowMs() - (sinceMs.get(cacheKey) ?? Number.NEGATIVE_INFINITY) < FILLING_MS,
    async look(request, cacheKey, { hooks }) {
      let isOver = true;
      try {
        const response = await http.fetch(request, cacheKey, {
          beforeSend(sent) {
            sinceMs.set(cacheKey, nowMs());
            return hooks.beforeSend(sent);
          },
          afterSend(candidate) {
            sinceMs.delete(cacheKey);
            return hooks.afterSend(candidate);
          },
        });
        isOver = response.masksError || !response.stale;
        return response;
      } catch (error) {
        // Nobody waits for it any more, but the platform does.
        isOver = !(error instanceof EdgeError && error.code === 'ERR_ORIGIN_TIMEOUT');
        throw error;
      } finally {
        if (isOver) sinceMs.delete(cacheKey);
      }
    },
    async refresh(cacheKey, transaction, timeoutMs) {
      const failed = await transaction.inBackground(timeoutMs);
      sinceMs.delete(cacheKey);
      return failed;
    },
  };
}
