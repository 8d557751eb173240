import { deletesCookie } from '../http/deletes-cookie.ts';
import type { Fields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { matchesGlob, matchesName } from '../http/name-pattern.ts';
import { nameOf } from '../http/set-cookie.ts';
import type { Identity } from '../identity/identity.ts';
import type { CacheDecision } from '../lanes/decision.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';

/** An answer of a cacheable lane, as far as its cookies may go out. */
export interface ResponseCookies {
  readonly headers: Fields;
  /** Names of those that do not. */
  readonly dropped: readonly string[];
}

/**
 * An answer without the cookies that the client must not get: those that the route strips, and those that it has already, but that the
 * origin did not see. An origin that sees no session sets a new one, and the visitor's own would be lost. Where such a cookie is
 * deleted that reaches the client: logging out works. Nothing of this makes an answer storable: that was decided before.
 */
export function responseCookies(
  headers: Fields,
  facts: Pick<RequestFacts, 'cookies' | 'refusedCookies'>,
  decision: CacheDecision,
  identity: Pick<Identity, 'credentialSource'> | null,
  nowMs: number,
): ResponseCookies {
  if (!headers.has('set-cookie')) return { headers, dropped: [] };
  const { stripSetCookies } = decision.route.freshness;
  const isDropped = (line: string) => {
    const name = nameOf(line);
    if (stripSetCookies.some((pattern) => matchesName(pattern, name))) return true;
    return isWithheld(name, facts, decision, identity) && !deletesCookie(line, nowMs);
  };
  const dropped: string[] = [];
  const kept: [string, string][] = [];
  for (const [name, value] of headers) {
    if (name === 'set-cookie' && isDropped(value)) dropped.push(nameOf(value));
    else kept.push([name, value]);
  }
  return dropped.length === 0 ? { headers, dropped } : { headers: new HeaderFields(kept), dropped };
}

/** Whether the client sent a cookie of that name which the origin of this request did not get. */
function isWithheld(
  name: string,
  { cookies, refusedCookies }: Pick<RequestFacts, 'cookies' | 'refusedCookies'>,
  { route, partition }: CacheDecision,
  identity: Pick<Identity, 'credentialSource'> | null,
): boolean {
  if (refusedCookies?.has(name)) return true;
  if (!cookies.has(name)) return false;
  const { scope, forwardCredential, variants } = route;
  // The origin of a public page saw that cookie, or what it counts as.
  if (variants?.cookies.some(([cookie]) => cookie === name)) return false;
  if (partition === null || scope === null) return true;
  const isPart = scope.parts.some((part, i) => {
    const picked = String(partition.values[scope.claims.length + i]);
    if (part.kind === 'cookiePattern') {
      return matchesGlob(part.glob, name) && (part.values === null || picked.startsWith(`${name}=`));
    }
    return part.kind === 'cookie' && part.name === name && (part.values?.includes(picked) ?? true);
  });
  const source = forwardCredential && !partition.shared ? identity?.credentialSource : null;
  if (isPart || (source?.kind === 'cookie' && source.name === name)) return false;
  return !(source?.kind === 'cookies' && source.names.includes(name));
}
