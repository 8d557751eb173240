import { EdgeError } from '../errors.ts';
import { HttpCacheDisabled } from './choose.ts';

/** What an origin that did not answer becomes: 504 where it took too long, 502 otherwise. */
export function originFailure(cause: unknown): Error {
  if (cause instanceof EdgeError || cause instanceof HttpCacheDisabled) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  return new EdgeError(
    /time(?:d\s?-?)?\s?out/i.test(text) ? 'ERR_ORIGIN_TIMEOUT' : 'ERR_ORIGIN_UNREACHABLE',
    { cause },
  );
}
