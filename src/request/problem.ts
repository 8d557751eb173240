import type { EdgeError } from '../errors.ts';
import { NO_STORE } from '../http/no-store.ts';

/**
 * An error as problem details (RFC 9457). It says what the status means and nothing of the cause; the request id
 * leads an operator to the line of the log that does. Only an operator's own order is answered with a `detail`.
 */
export function problem(
  error: EdgeError,
  requestId: string,
  extraHeaders: Readonly<Record<string, string>> = {},
): Response {
  const headers = new Headers({
    'content-type': 'application/problem+json',
    'cache-control': NO_STORE,
    'x-cache': 'ERROR',
    ...extraHeaders,
  });
  // RFC 6750 section 3: no error code where no credential was sent.
  if (error.status === 401 || error.bearerError !== undefined) {
    headers.set(
      'www-authenticate',
      error.bearerError === undefined ? 'Bearer' : `Bearer error="${error.bearerError}"`,
    );
  }
  if (error.code === 'ERR_METHOD_REFUSED')
    headers.set('allow', error.allow ?? 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS');
  if (error.retryAfterSeconds !== null) headers.set('retry-after', String(error.retryAfterSeconds));
  const body = {
    type: 'about:blank',
    title: error.message,
    status: error.status,
    ...(error.detail === null ? {} : { detail: error.detail }),
    requestId,
  };
  return new Response(`${JSON.stringify(body)}\n`, { status: error.status, headers });
}
