import { EdgeError } from '../errors.ts';
import { HttpCacheDisabled } from '../platform/http-cache-port.ts';

/** By its name and text: the runtime has no other word for it. */
export function isTimeout(error: unknown): boolean {
  return /time(?:d\s?-?)?\s?out/i.test(String(error));
}

/** What an origin that did not answer becomes: 504 where it took too long, 502 otherwise. */
export function originFailure(cause: unknown): Error {
  if (cause instanceof EdgeError || cause instanceof HttpCacheDisabled) return cause;
  return new EdgeError(isTimeout(cause) ? 'ERR_ORIGIN_TIMEOUT' : 'ERR_ORIGIN_UNREACHABLE', { cause });
}
