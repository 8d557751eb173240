import { EdgeError } from '../errors.ts';
import { HeaderFields } from '../http/header-fields.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { Platform } from '../platform/platform.ts';
import { originFailure } from './origin-failure.ts';

/** The runtime's words for what has nothing to do with a body. */
const NOT_REACHED = /refused|dns|tls|unreachable|unroutable|not found|unavailable|too many|no healthy/i;

/** The client has waited already. */
const PROBE_TIMEOUT_MS = 2000;

/**
 * What a request that failed with its client's body on the way becomes. The platform sends the body by itself, and has one word for
 * a client that breaks it off and for an origin that breaks off: so the origin is asked for something harmless. Where it answers,
 * the client is to blame.
 */
export async function whoFailed(
  cause: unknown,
  { backend, url, headers, body }: OriginRequest,
  fetchOrigin: Platform['fetchOrigin'],
): Promise<Error> {
  // Decided already: a shield that is none of ours, or has refused.
  if (cause instanceof EdgeError) return cause;
  const failed = originFailure(cause);
  const isOpen = failed instanceof EdgeError && failed.code === 'ERR_ORIGIN_UNREACHABLE';
  if (!isOpen || !(body instanceof ReadableStream) || NOT_REACHED.test(String(cause))) return failed;
  const probe = {
    backend,
    method: 'HEAD',
    url: new URL('/', url).href,
    headers: new HeaderFields([
      ['host', headers.get('host') ?? new URL(url).host],
      ['user-agent', 'claimcache'],
    ]),
    body: null,
    firstByteTimeoutMs: PROBE_TIMEOUT_MS,
  };
  try {
    const answer = await fetchOrigin(probe);
    answer.body?.cancel().catch(() => {});
  } catch {
    return failed;
  }
  return new EdgeError('ERR_REQUEST_MALFORMED', { cause: new Error('the body is broken, or broke off') });
}
