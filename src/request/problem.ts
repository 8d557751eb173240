import type { EdgeError } from '../errors.ts';
import { NO_STORE } from '../http/no-store.ts';

/**
 * An error as problem details (RFC 9457). It says what the status means and nothing of the cause; the request id
 * leads an operator to the line of the log that does. Only an operator's own order is answered with a `detail`.
 */
export function problem(error: EdgeError, requestId: string): Response {
  const { status, code, bearerError, retryAfterSeconds, detail } = error;
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': NO_STORE,
    'x-cache': 'ERROR',
  };
  // RFC 6750 section 3: no error code where no credential was sent.
  if (bearerError !== undefined) headers['www-authenticate'] = `Bearer error="${bearerError}"`;
  else if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (code === 'ERR_METHOD_REFUSED')
    headers.allow = error.allow ?? 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
  if (retryAfterSeconds !== null) headers['retry-after'] = String(retryAfterSeconds);
  // A member that is undefined is left out.
  const body = {
    type: 'about:blank',
    title: error.message,
    status,
    detail: detail ?? undefined,
    requestId,
  };
  return new Response(`${JSON.stringify(body)}\n`, { status, headers });
}
