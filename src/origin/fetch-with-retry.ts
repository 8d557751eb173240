import { EdgeError } from '../errors.ts';
import type { OriginRequest } from '../types/readthrough.ts';
import { isTimeout } from './origin-failure.ts';

export interface Patience {
  /** From the request to the response's headers, where the request does not say. */
  readonly firstByteTimeoutMs: number;
  /** Further attempts where an origin could not be reached, for requests that may be repeated. */
  readonly retries: number;
}

/** Ends a wait. The work itself goes on: this host cannot abort a fetch. */
export function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(new EdgeError('ERR_ORIGIN_TIMEOUT', { cause: new Error(`nothing came for ${timeoutMs} ms`) })),
      timeoutMs,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Waits for work, but no longer than that. The work goes on, and must not reject. */
export function atMost(work: Promise<unknown>, durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * A fetch that gives up in time, and tries again where that cannot do harm: GET and HEAD without a body that reached
 * nobody. What has timed out is not repeated: the origin may be working on it, and has enough to do.
 */
export function patientFetch(
  fetchOrigin: (request: OriginRequest) => Promise<Response>,
  { firstByteTimeoutMs, retries }: Patience,
): (request: OriginRequest) => Promise<Response> {
  return async (request) => {
    for (let left = mayRepeat(request) ? retries : 0; ; left--) {
      try {
        return await within(fetchOrigin(request), request.firstByteTimeoutMs ?? firstByteTimeoutMs);
      } catch (error) {
        if (left === 0 || error instanceof EdgeError || isTimeout(error)) throw error;
      }
    }
  };
}

/** Whether a request that may have reached nobody can be made once more: it has no body that is spent, and changes nothing. */
export function mayRepeat({ method, body }: OriginRequest): boolean {
  return body === null && (method === 'GET' || method === 'HEAD');
}
