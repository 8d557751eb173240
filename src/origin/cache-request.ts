import { cookiesLike } from '../http/cookies-like.ts';
import type { Fields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { includesName } from '../http/name-pattern.ts';
import queryTokens from '../http/query-tokens.ts';
import type { Identity } from '../identity/identity.ts';
import type { Partition } from '../keys/partition.ts';
import type { CacheDecision } from '../lanes/decision.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { Origin } from '../policy/origins.ts';
import type { Policy } from '../policy/policy.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import { CLAIMS_HEADER, claimsHeader } from './claims-header.ts';
import { forwardedFields } from './forwarded-fields.ts';
import { absoluteUrl, type Caller, cookiePair, cookiePairs } from './request-parts.ts';

/**
 * The request of a cacheable lane. It is made new, from what is part of the key alone, so that nothing else that a
 * client sends can change the response: the target, the headers of the route's `vary`, the parts of the scope, the
 * route's variants, the normalised `Accept-Encoding`, and on a scope of one person their own credential. Beside it the trace of
 * `forwardHeaders`, which no stored response may hold. A GraphQL query is POSTed as its client did, and a body that is part of the key is sent as it
 * stands there.
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
  headers.setAll(forwardedFields(facts));
  caller.trace?.forEach((field) => {
    if (field[1] !== null) headers.set(field[0], field[1]);
  });
  decision.route.vary.forEach((name) => {
    const value = facts.headers.get(name);
    if (value !== null) headers.set(name, value);
  });
  if (facts.variant !== undefined) {
    headers.setAll(facts.variant.told);
    headers.setAll(facts.variant.forwarded);
  }
  const { partition, route } = decision;
  let { target } = decision;
  if (partition !== null && route.scope !== null) {
    const cookies = forwardParts(facts, partition, route.scope, headers);
    headers.set(CLAIMS_HEADER, claimsHeader(partition, route.scope));
    headers.setAll(caller.claims);
    if (route.forwardCredential && !partition.shared && caller.identity !== null) {
      cookies.push(...forwardCredential(facts, caller.identity, headers, policy));
      const { credentialSource: source } = caller.identity;
      // What has verified, and is no part of the key.
      if (source.kind === 'query' && source.forward)
        target = queryTokens.withToken(target, source.name, facts.queryTokens?.get(source.name));
    }
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
  }
  const { method, mediaType, body } = askedBy(decision);
  if (decision.operation !== null) headers.set('accept', decision.operation.accept);
  if (mediaType !== null) headers.set('content-type', mediaType);
  return {
    backend: origin.backend,
    method,
    url: absoluteUrl(facts.host, target),
    headers,
    body,
    firstByteTimeoutMs: origin.firstByteTimeoutMs,
  };
}

/** The method, and what goes in the body. */
function askedBy({ operation, content }: CacheDecision): {
  readonly method: string;
  readonly mediaType: string | null;
  readonly body: Uint8Array | null;
} {
  if (content !== null) return { method: content.method, mediaType: content.mediaType, body: content.bytes };
  const body = operation?.body ?? null;
  if (body === null) return { method: 'GET', mediaType: null, body };
  return { method: 'POST', mediaType: 'application/json', body: new TextEncoder().encode(body) };
}

/** Sends on what the scope's parts made of headers and cookies: the value on the list, or the whole. Returns the cookies. */
function forwardParts(facts: RequestFacts, { values }: Partition, scope: Scope, headers: Fields): string[] {
  const cookies: string[] = [];
  for (let index = 0; index < scope.parts.length; index++) {
    const part = scope.parts[index] as Scope['parts'][number];
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
  { credentialSource: source }: Identity,
  headers: Fields,
  policy: Policy,
): string[] {
  if (source.kind === 'header') {
    const value = facts.headers.get(source.name);
    if (value !== null) headers.set(source.name, value);
    return [];
  }
  const names = source.kind === 'cookies' ? source.names : [source.name];
  if (names.some((name) => includesName(policy.cms.cookies, name))) return [];
  const pairs = cookiePairs(facts, source);
  return pairs === null ? [] : [pairs];
}
