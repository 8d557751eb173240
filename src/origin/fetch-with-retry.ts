import { EdgeError } from '../errors.ts';
import { within } from '../platform/deadline.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import { isTimeout } from './origin-failure.ts';

export interface RetryRule {
  /** From the request to the response's headers, where the request does not say. */
  readonly firstByteTimeoutMs: number;
  /** Further attempts where an origin could not be reached, for requests that may be repeated. */
  readonly retries: number;
}

/**
 * A fetch that gives up in time, and tries again where that cannot do harm: GET and HEAD without a body, and a QUERY whose body is at
 * hand, that reached nobody. What has timed out is not repeated: the origin may still be working on it.
 */
export function fetchWithRetry(
  fetchOrigin: (request: OriginRequest) => Promise<Response>,
  { firstByteTimeoutMs, retries }: RetryRule,
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
  if (method === 'QUERY') return !(body instanceof ReadableStream);
  return body === null && (method === 'GET' || method === 'HEAD');
}
