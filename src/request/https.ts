import { EdgeError } from '../errors.ts';
import { NO_STORE } from '../http/no-store.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { HttpsMode } from '../policy/https-rule.ts';

/**
 * Whether a request that came without TLS is sent to where it has it.
 *
 * @throws {EdgeError} ERR_HTTPS_REQUIRED: a credential or a body has travelled unencrypted, and redirecting would hide it.
 */
export function needsRedirect(mode: HttpsMode, isSecure: boolean, { method }: RequestFacts): boolean {
  if (isSecure || mode === 'off') return false;
  const isSafe = method === 'GET' || method === 'HEAD';
  if (mode === 'require' || !isSafe) throw new EdgeError('ERR_HTTPS_REQUIRED');
  return true;
}

export function redirectToHttps({ host, path, query }: RequestFacts): Response {
  // Where TLS listens is not known from the port without it.
  const location = `https://${host.replace(/:\d+$/, '')}${path}${query === '' ? '' : `?${query}`}`;
  return new Response(null, {
    status: 308,
    headers: { location, 'cache-control': NO_STORE, 'x-cache': 'BYPASS' },
  });
}

/** Tells browsers to stay with TLS (RFC 6797); only over TLS does it mean anything. */
export function applyHsts(hstsSeconds: number | null, isSecure: boolean, headers: Headers): void {
  if (isSecure && hstsSeconds !== null) {
    headers.set('strict-transport-security', `max-age=${hstsSeconds}; includeSubDomains`);
  }
}
