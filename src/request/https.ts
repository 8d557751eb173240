import { EdgeError } from '../errors.ts';
import { NO_STORE } from '../http/no-store.ts';
import type { RequestFacts } from '../types/decision.ts';
import type { HttpsMode } from '../types/policy.ts';

/**
 * What becomes of a request that came without TLS.
 *
 * @returns a 308 for GET and HEAD with `redirect`; null where the request may go on.
 * @throws {EdgeError} ERR_HTTPS_REQUIRED: a credential or a body has travelled unencrypted, and redirecting would hide it.
 */
export function enforceHttps(mode: HttpsMode, isSecure: boolean, facts: RequestFacts): Response | null {
  if (isSecure || mode === 'off') return null;
  const isSafe = facts.method === 'GET' || facts.method === 'HEAD';
  if (mode === 'require' || !isSafe) throw new EdgeError('ERR_HTTPS_REQUIRED');
  const query = facts.query === '' ? '' : `?${facts.query}`;
  // Where TLS listens is not known from the port without it.
  const location = `https://${facts.host.replace(/:\d+$/, '')}${facts.path}${query}`;
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
