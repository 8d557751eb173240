import { onlyCookie } from '../http/cookies.ts';
import { cookiesLike } from '../http/cookies-like.ts';
import type { Fields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { stripHopByHop } from '../http/hop-by-hop.ts';
import type { Glob } from '../http/name-pattern.ts';
import { includesName } from '../http/name-pattern.ts';
import { withoutCookies } from '../http/withhold-cookies.ts';
import type { Origin } from '../policy/origins.ts';
import type { Policy } from '../policy/policy.ts';
import { cgiName } from '../policy/request-fields/cgi-name.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import type { OriginRequest } from '../types/cache-engine.ts';
import type { CacheDecision, PassDecision, RequestFacts } from '../types/decision.ts';
import type { Identity, Partition } from '../types/identity.ts';
import { CLAIMS_HEADER, claimsHeader } from './claims-header.ts';

/** Who is behind a request, as far as the origin may know. */
export interface Caller {
  readonly identity: Identity | null;
  /** Headers made from verified claims (`forwardClaims`). */
  readonly claims: readonly (readonly [string, string])[];
  /** Headers with the client's address, for the pass lane alone: on the others it is not part of the key. */
  readonly address?: readonly (readonly [string, string])[];
}

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
  for (const [name, value] of caller.address ?? []) headers.set(name, value);
  if (decision.noStore && (facts.method === 'GET' || facts.method === 'HEAD'))
    headers.set('cache-control', 'no-store');
  headers.set('host', origin.hostHeader ?? facts.host);
  if (decision.partition !== null && scope !== null) {
    headers.set(CLAIMS_HEADER, claimsHeader(decision.partition, scope));
  }
  for (const [name, value] of caller.claims) headers.set(name, value);
  if (scope !== null) withholdCredentials(headers, facts, scope, decision, caller.identity);
  return {
    backend: origin.backend,
    method: facts.method,
    url: absoluteUrl(facts.host, facts.query === '' ? facts.path : `${facts.path}?${facts.query}`),
    headers,
    body,
    firstByteTimeoutMs: origin.firstByteTimeoutMs,
  };
}

/**
 * The request of a cacheable lane. It is made new, from what is part of the key alone, so that nothing else that a
 * client sends can change the response: the target, the headers of the route's `vary`, the parts of the scope, the
 * normalised `Accept-Encoding`, and on a scope of one person their own credential. A GraphQL query is POSTed as its client did.
 */
export function cacheRequest(
  facts: RequestFacts,
  decision: CacheDecision,
  origin: Origin,
  caller: Caller,
  acceptEncoding: string,
  policy: Policy,
): OriginRequest {
  const headers = new HeaderFields([
    ['user-agent', 'claimcache'],
    ['accept-encoding', acceptEncoding],
  ]);
  headers.set('host', origin.hostHeader ?? facts.host);
  for (const name of decision.route.vary) {
    const value = facts.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const { partition, route } = decision;
  if (partition !== null && route.scope !== null) {
    const cookies = forwardParts(facts, partition, route.scope, headers);
    headers.set(CLAIMS_HEADER, claimsHeader(partition, route.scope));
    for (const [name, value] of caller.claims) headers.set(name, value);
    if (route.forwardCredential && !partition.shared && caller.identity !== null) {
      cookies.push(...forwardCredential(facts, caller.identity, headers, policy));
    }
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
  }
  const body = decision.operation?.body ?? null;
  if (decision.operation !== null) headers.set('accept', decision.operation.accept);
  if (body !== null) headers.set('content-type', 'application/json');
  return {
    backend: origin.backend,
    method: body === null ? 'GET' : 'POST',
    url: absoluteUrl(facts.host, decision.target),
    headers,
    body: body === null ? null : new TextEncoder().encode(body),
    firstByteTimeoutMs: origin.firstByteTimeoutMs,
  };
}

/** Sends on what the scope's parts made of headers and cookies: the value on the list, or the whole. Returns the cookies. */
function forwardParts(facts: RequestFacts, { values }: Partition, scope: Scope, headers: Fields): string[] {
  const cookies: string[] = [];
  for (const [index, part] of scope.parts.entries()) {
    if (!('values' in part) || part.kind === 'country') continue;
    const picked = String(values[scope.claims.length + index]);
    if (part.kind === 'cookiePattern') {
      const like = part.values === null ? cookiesLike(facts.cookies, part.glob)[0] : null;
      if (like != null) cookies.push(like.join('='));
      else if (picked.includes('=')) cookies.push(picked);
      continue;
    }
    // What is not on the list counts as no value, to the origin too.
    if (part.values !== null && !part.values.includes(picked)) continue;
    if (part.kind === 'cookie') {
      // A whole value is hashed into the key: what goes out is the text that was hashed.
      const pair = part.values === null ? cookiePair(facts, part.name) : `${part.name}=${picked}`;
      if (pair !== null) cookies.push(pair);
    } else {
      headers.set(part.name, part.values === null ? (facts.headers.get(part.name) ?? '') : picked);
    }
  }
  return cookies;
}

/** Sends on the one credential that was verified; never another cookie or header that came along. Returns the cookies. */
function forwardCredential(
  facts: RequestFacts,
  { place }: Identity,
  headers: Fields,
  policy: Policy,
): string[] {
  if (place.kind === 'header') {
    const value = facts.headers.get(place.name);
    if (value !== null) headers.set(place.name, value);
    return [];
  }
  const pair = includesName(policy.cms.cookies, place.name) ? null : cookiePair(facts, place.name);
  return pair === null ? [] : [pair];
}

/** A cookie as the edge has read it, and not as it was written: the origin could read that otherwise. */
function cookiePair({ cookies }: RequestFacts, name: string): string | null {
  const value = onlyCookie(cookies, name);
  return value === null ? null : `${name}=${value}`;
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
  { anonymous, route }: PassDecision,
  identity: Identity | null,
): void {
  if (identity === null && !anonymous) return;
  const verified = anonymous || route.hideCredential ? null : (identity?.place ?? null);
  const cookies = new Set<string>();
  const globs: Glob[] = [];
  for (const place of providers.flatMap(({ credentials }) => credentials)) {
    if (place.kind === 'cookie') cookies.add(place.name);
    else if (place.kind === 'cookiePattern') globs.push(place.glob);
    else {
      const isVerified = verified?.kind === 'header' && verified.name === place.name;
      const stays = isVerified || isOfAnotherScheme(headers.get(place.name), place.scheme);
      // By its other spellings too: to CGI and its kin `x_auth_token` is the same.
      headers.deleteWhere((name) => cgiName(name) === cgiName(place.name) && !(stays && name === place.name));
    }
  }
  const field = headers.get('cookie');
  if (field === null || cookies.size + globs.length === 0) return;
  const own = verified?.kind === 'cookie' ? cookiePair(facts, verified.name) : null;
  const kept = [withoutCookies(field, cookies, globs), own].filter((text) => text !== null);
  if (kept.length === 0) headers.delete('cookie');
  else headers.set('cookie', kept.join('; '));
}

/** `Authorization: Basic` beside a scope that looks for Bearer: what stands before the origin may ask for it. */
function isOfAnotherScheme(value: string | null, scheme: string | null): boolean {
  return value !== null && scheme !== null && !value.toLowerCase().includes(scheme);
}

/** The scheme is the backend's business; the URL only carries host, path and query. */
function absoluteUrl(host: string, target: string): string {
  return `http://${host}${target}`;
}
