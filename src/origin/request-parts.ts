import { tokenCookie } from '../http/cookies.ts';
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

/** A cookie as the edge has read it, and not as it was written: the origin could read that otherwise. */
export function cookiePair({ cookies }: RequestFacts, name: string): string | null {
  const value = tokenCookie(cookies, name);
  return value === null || value === undefined ? null : `${name}=${value}`;
}

/** The cookies that a credential stood in, as the edge has read them; null where it stood in none. */
export function cookiePairs(facts: RequestFacts, place: CredentialPlace | null): string | null {
  if (place?.kind === 'cookie') return cookiePair(facts, place.name);
  if (place?.kind !== 'cookies') return null;
  let pairs = '';
  for (const name of place.names) pairs += `${pairs === '' ? '' : '; '}${cookiePair(facts, name)}`;
  return pairs;
}

/** The scheme is the backend's business; the URL only carries host, path and query. */
export function absoluteUrl(host: string, target: string): string {
  return `http://${host}${target}`;
}
