import { HeaderFields } from '../http/header-fields.ts';
import { stripHopByHop } from '../http/hop-by-hop.ts';
import type { Glob } from '../http/name-pattern.ts';
import { isOfOtherScheme } from '../http/other-scheme.ts';
import queryTokens from '../http/query-tokens.ts';
import { withoutCookies } from '../http/withhold-cookies.ts';
import type { PassDecision } from '../lanes/decision.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { Origin } from '../policy/origins.ts';
import type { CredentialSource } from '../policy/providers/credential-sources.ts';
import type { Provider } from '../policy/providers/provider.ts';
import { cgiName } from '../policy/request-fields/cgi-name.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import { CLAIMS_HEADER, claimsHeader } from './claims-header.ts';
import { forwardedFields } from './forwarded-fields.ts';
import { absoluteUrl, type Caller, cookiePairs } from './request-parts.ts';

/** The request of the pass lane: as it came, less what is meant for the edge or one hop. */
export function passRequest(
  facts: RequestFacts,
  decision: PassDecision,
  origin: Origin,
  caller: Caller,
  body: OriginRequest['body'],
): OriginRequest {
  const headers = new HeaderFields(facts.headers);
  const { scope } = decision.route;
  // A client may name any field in `Connection`: what was decided on stays.
  stripHopByHop(headers, decision.route.credentialFields);
  headers.setAll(forwardedFields(facts));
  caller.trace?.forEach((field) => {
    if (field[1] === null) headers.delete(field[0]);
    else headers.set(field[0], field[1]);
  });
  caller.address?.forEach((field) => {
    // One element of the list, about one hop (RFC 7239 section 4).
    headers.set(field[0], field[0] === 'forwarded' ? `${field[1]};${headers.get('forwarded')}` : field[1]);
  });
  if (facts.variant !== undefined) headers.setAll(facts.variant.told);
  if (decision.noStore && ['GET', 'HEAD', 'QUERY'].includes(facts.method))
    headers.set('cache-control', 'no-store');
  headers.set('host', origin.hostHeader ?? facts.host);
  if (decision.partition !== null && scope !== null) {
    headers.set(CLAIMS_HEADER, claimsHeader(decision.partition, scope));
  }
  headers.setAll(caller.claims);
  const verified =
    decision.anonymous || decision.route.hideCredential ? null : (caller.identity?.credentialSource ?? null);
  if (scope !== null && (caller.identity !== null || decision.anonymous))
    withholdCredentials(headers, facts, scope, decision.route.otherSchemes, verified);
  let target = facts.query === '' ? facts.path : `${facts.path}?${facts.query}`;
  if (verified?.kind === 'query' && verified.forward)
    target = queryTokens.withToken(target, verified.name, facts.queryTokens?.get(verified.name));
  return {
    backend: origin.backend,
    method: facts.method,
    url: absoluteUrl(facts.host, target),
    headers,
    body,
    firstByteTimeoutMs: origin.firstByteTimeoutMs,
  };
}

/**
 * Of all places in which the scope looks for credentials the origin gets the one that was verified: in another there may be
 * somebody else's, which it would believe because the edge has let the request in. It gets none where the route hides
 * it, and none of who counts as anonymous. What was not verified and passes for the origin to judge goes on as it came.
 */
function withholdCredentials(
  headers: HeaderFields,
  facts: RequestFacts,
  { providers }: Scope,
  otherSchemes: readonly string[],
  verified: CredentialSource | null,
): void {
  const cookies = new Set<string>();
  const globs: Glob[] = [];
  for (let i = 0; i < providers.length; i++) {
    const { credentials } = providers[i] as Provider;
    for (let j = 0; j < credentials.length; j++) {
      const source = credentials[j] as Provider['credentials'][number];
      if (source.kind === 'cookie') cookies.add(source.name);
      else if (source.kind === 'cookiePattern') globs.push(source.glob);
      else if (source.kind === 'packedCookie') globs.push(...source.withheld);
      else if (source.kind === 'header') withholdHeader(headers, source, otherSchemes, verified);
    }
  }
  const field = headers.get('cookie');
  if (field === null || cookies.size + globs.length === 0) return;
  const kept = [withoutCookies(field, cookies, globs), cookiePairs(facts, verified)].filter(
    (text) => text !== null,
  );
  if (kept.length === 0) headers.delete('cookie');
  else headers.set('cookie', kept.join('; '));
}

function withholdHeader(
  headers: HeaderFields,
  { name, scheme }: Extract<CredentialSource, { kind: 'header' }>,
  otherSchemes: readonly string[],
  verified: CredentialSource | null,
): void {
  const isVerified = verified?.kind === 'header' && verified.name === name;
  const value = headers.get(name);
  const stays =
    isVerified ||
    isOfAnotherScheme(value, scheme) ||
    (name === 'authorization' && scheme === null && isOfOtherScheme(value, otherSchemes));
  // By its other spellings too: to CGI and its kin `x_auth_token` is the same.
  const asCgi = cgiName(name);
  headers.deleteWhere(
    (other) => other.length === name.length && cgiName(other) === asCgi && !(stays && other === name),
  );
}

/** `Authorization: Basic` beside a scope that looks for Bearer: what stands before the origin may ask for it. */
function isOfAnotherScheme(value: string | null, scheme: string | null): boolean {
  return value !== null && scheme !== null && !value.toLowerCase().includes(scheme);
}
