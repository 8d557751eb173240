import { includesName } from '../http/name-pattern.ts';
import { loggedNames } from '../http/set-cookie.ts';
import { trimOws } from '../http/trim.ts';
import type { FallbackRule } from '../policy/fallback-rule.ts';
import type { RequestFacts } from './request-facts.ts';

/** Why a request whose path no route names passes. */
export interface FallbackPass {
  readonly reason: 'fallback-pass' | 'fallback-credential' | 'fallback-cookie';
  /** The name of the cookie, as it may be logged. */
  readonly cookie?: string;
}

/** @returns null where the request is public. */
export function fallbackPass(
  rule: FallbackRule | null,
  { headers, cookies, queryTokens }: Pick<RequestFacts, 'headers' | 'cookies' | 'queryTokens'>,
): FallbackPass | null {
  if (rule === null) return null;
  if (rule.kind === 'pass') return { reason: 'fallback-pass' };
  if (
    queryTokens !== undefined ||
    headers.has('authorization') ||
    rule.credentialHeaders.some((name) => headers.has(name))
  )
    return { reason: 'fallback-credential' };
  for (const cookie of cookies.keys())
    if (!includesName(rule.ignoreCookies, cookie))
      return { reason: 'fallback-cookie', cookie: loggedNames([cookie])[0] ?? '?' };
  const field = headers.get('cookie');
  return field !== null && hasNamelessCookie(field) ? { reason: 'fallback-cookie', cookie: '?' } : null;
}

/** `Cookie: abc`, or `=abc`: what browsers send of a cookie without a name. Nobody knows what it means to the origin. */
function hasNamelessCookie(field: string): boolean {
  for (let start = 0; start <= field.length; ) {
    const semicolon = field.indexOf(';', start);
    const end = semicolon < 0 ? field.length : semicolon;
    const pair = trimOws(field.slice(start, end));
    if (pair !== '' && trimOws(pair.slice(0, Math.max(pair.indexOf('='), 0))) === '') return true;
    start = end + 1;
  }
  return false;
}
