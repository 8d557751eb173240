import { EdgeError } from '../errors.ts';
import type {
  CacheDecision,
  Identity,
  Origin,
  OriginRequest,
  PassDecision,
  Policy,
  RequestFacts,
} from '../types.ts';
import { CLAIMS_HEADER, claimsHeader } from './claims-header.ts';

/** Fields of one hop (RFC 9110 section 7.6.1) never travel on. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'proxy-authorization',
  'proxy-authenticate',
];

/** The request of the pass lane: as it came, less what is meant for the edge or one hop. */
export function passRequest(
  facts: RequestFacts,
  decision: PassDecision,
  origin: Origin,
  body: ReadableStream<Uint8Array> | null,
): OriginRequest {
  const headers = new Headers(facts.headers);
  for (const name of (headers.get('connection') ?? '').split(',')) {
    const field = name.trim().toLowerCase();
    // A client may name any field here: `Connection: authorization` must not strip what was decided on.
    if (field !== '' && !['authorization', 'cookie', 'host'].includes(field) && /^[a-z0-9-]+$/.test(field))
      headers.delete(field);
  }
  for (const name of HOP_BY_HOP) headers.delete(name);
  if (decision.noStore && (facts.method === 'GET' || facts.method === 'HEAD'))
    headers.set('cache-control', 'no-store');
  headers.set('host', origin.hostHeader ?? facts.host);
  const { scope } = decision.route;
  if (decision.partition !== null && scope !== null) {
    headers.set(CLAIMS_HEADER, claimsHeader(decision.partition, scope));
  }
  return {
    backend: origin.backend,
    method: facts.method,
    url: absoluteUrl(facts.host, facts.query === '' ? facts.path : `${facts.path}?${facts.query}`),
    headers,
    body,
  };
}

/**
 * The request of a cacheable lane. It is made new, from what is part of the key alone, so that nothing else that a
 * client sends can change the response: the target, the headers of the route's `vary`, the normalised
 * `Accept-Encoding`, and on a scope of one person their own credential.
 */
export function cacheRequest(
  facts: RequestFacts,
  decision: CacheDecision,
  origin: Origin,
  identity: Identity | null,
  acceptEncoding: string,
  policy: Policy,
): OriginRequest {
  const headers = new Headers({ 'user-agent': 'claimcache', 'accept-encoding': acceptEncoding });
  headers.set('host', origin.hostHeader ?? facts.host);
  for (const name of decision.route.vary) {
    const value = facts.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const { partition, route } = decision;
  if (partition !== null && route.scope !== null) {
    headers.set(CLAIMS_HEADER, claimsHeader(partition, route.scope));
    if (route.forwardCredential && !partition.shared) forwardCredential(facts, identity, headers, policy);
  }
  return {
    backend: origin.backend,
    method: 'GET',
    url: absoluteUrl(facts.host, decision.target),
    headers,
    body: null,
  };
}

/** Sends on the one credential that was verified; never another cookie or header that came along. */
function forwardCredential(
  facts: RequestFacts,
  identity: Identity | null,
  headers: Headers,
  policy: Policy,
): void {
  if (identity === null) throw new EdgeError('ERR_INTERNAL');
  const { place } = identity;
  if (place.kind === 'header') {
    const value = facts.headers.get(place.name);
    if (value !== null) headers.set(place.name, value);
    return;
  }
  const cookie = (facts.headers.get('cookie') ?? '')
    .split(';')
    .find((pair) => pair.split('=', 1)[0]?.trim() === place.name);
  if (cookie !== undefined && !policy.cms.cookies.has(place.name)) headers.set('cookie', cookie.trim());
}

/** The scheme is the backend's business; the URL only carries host, path and query. */
function absoluteUrl(host: string, target: string): string {
  return `http://${host}${target}`;
}
