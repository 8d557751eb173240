import type { ReadonlyFields } from '../http/fields.ts';
import { NO_STORE } from '../http/no-store.ts';
import { addVary } from '../http/vary.ts';
import type { CorsRule } from '../policy/cors-rule.ts';

const SAFELISTED = ['GET', 'HEAD', 'POST'];

/** A request that a browser sends to ask whether it may send another (Fetch standard, section 3.2.3). */
export function isPreflight(method: string, headers: ReadonlyFields): boolean {
  return method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method');
}

/**
 * Answers a preflight from the policy. An origin or method that is not allowed gets no permission, and no reason.
 *
 * @param ofRoute - Methods that the path allows beside those of the rule.
 */
export function answerPreflight(
  rule: CorsRule,
  request: ReadonlyFields,
  ofRoute: readonly string[] = [],
): Response {
  const headers = new Headers({ 'cache-control': NO_STORE, 'x-cache': 'BYPASS' });
  applyCors(rule, request.get('origin'), headers);
  headers.append('vary', 'Access-Control-Request-Method, Access-Control-Request-Headers');
  const method = request.get('access-control-request-method') ?? '';
  const allowed = new Set([...SAFELISTED, ...rule.methods, ...ofRoute]);
  if (headers.has('access-control-allow-origin') && allowed.has(method)) {
    headers.set('access-control-allow-methods', [...allowed].join(', '));
    if (rule.headers.length > 0) headers.set('access-control-allow-headers', rule.headers.join(', '));
    headers.set('access-control-max-age', String(rule.maxAgeSeconds));
  }
  return new Response(null, { status: 204, headers });
}

/**
 * Sets what the policy allows, on every answer, errors too, so that a browser application can read them; what the origin
 * said of CORS goes, because one origin's permission may stand in a stored response that another gets.
 */
export function applyCors(rule: CorsRule, origin: string | null, headers: Headers): void {
  for (const name of [...headers.keys()]) if (name.startsWith('access-control-')) headers.delete(name);
  if (rule.anyOrigin) {
    headers.set('access-control-allow-origin', '*');
  } else {
    addVary(headers, ['Origin']);
    if (origin === null || !rule.origins.some((allowed) => isAllowedOrigin(allowed, origin))) return;
    headers.set('access-control-allow-origin', origin);
    if (rule.credentials) headers.set('access-control-allow-credentials', 'true');
  }
  if (rule.exposeHeaders.length > 0) {
    headers.set('access-control-expose-headers', rule.exposeHeaders.join(', '));
  }
}

/** Whether a page of that origin may send a visitor's cookies along. */
export function allowsCredentials(rule: CorsRule, origin: string): boolean {
  return rule.credentials && rule.origins.some((allowed) => isAllowedOrigin(allowed, origin));
}

/** Exactly, or `https://*.example.com`: one label or more in front, same scheme, same port. */
export function isAllowedOrigin(allowed: string, origin: string): boolean {
  const star = allowed.indexOf('*.');
  if (star < 0) return allowed === origin;
  const before = allowed.slice(0, star);
  const after = allowed.slice(star + 1);
  if (!origin.startsWith(before) || !origin.endsWith(after)) return false;
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(origin.slice(before.length, origin.length - after.length));
}
