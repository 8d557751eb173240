import type { CredentialPlace } from '../policy/providers/credential-places.ts';
import type { RequestFacts } from '../types/decision.ts';
import type { Identity } from '../types/identity.ts';

/** Who is behind a request, as far as the origin may know. */
export interface Caller {
  readonly identity: Identity | null;
  /** Headers made from verified claims (`forwardClaims`). */
  readonly claims: readonly (readonly [string, string])[];
  /** Headers with the client's address, for the pass lane alone: on the others it is not part of the key. */
  readonly address?: readonly (readonly [string, string])[];
}

/** A cookie as the edge has read it, and not as it was written: the origin could read that otherwise. One that was sent twice with one value is one. */
export function cookiePair({ cookies }: RequestFacts, name: string): string | null {
  const [value, ...others] = cookies.get(name) ?? [];
  return value === undefined || others.some((other) => other !== value) ? null : `${name}=${value}`;
}

/** The cookies that a credential stood in, as the edge has read them; null where it stood in none. */
export function cookiePairs(facts: RequestFacts, place: CredentialPlace | null): string | null {
  if (place?.kind === 'cookie') return cookiePair(facts, place.name);
  if (place?.kind !== 'cookies') return null;
  const pairs = place.names.map((name) => cookiePair(facts, name));
  return pairs.includes(null) ? null : pairs.join('; ');
}

/** A target with the token that stood in its query, where that has verified and the policy lets its origin have it. It is no part of a key. */
export function targetWithToken(
  target: string,
  { queryTokens }: RequestFacts,
  place: CredentialPlace | null,
): string {
  if (place?.kind !== 'query' || !place.forward) return target;
  const token = queryTokens?.get(place.name) ?? null;
  if (token === null) return target;
  return `${target}${target.includes('?') ? '&' : '?'}${place.name}=${encodeURIComponent(token)}`;
}

/** The scheme is the backend's business; the URL only carries host, path and query. */
export function absoluteUrl(host: string, target: string): string {
  return `http://${host}${target}`;
}
