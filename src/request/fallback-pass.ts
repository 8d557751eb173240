import { includesName } from '../http/name-pattern.ts';
import { loggedNames } from '../http/set-cookie.ts';
import type { FallbackRule } from '../policy/fallback-rule.ts';
import type { RequestFacts } from '../types/decision.ts';

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
  return null;
}
