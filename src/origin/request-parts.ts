import { tokenCookie } from '../http/cookies.ts';
import type { traceFields } from '../http/trace-fields.ts';
import type { Identity } from '../identity/identity.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { CredentialSource } from '../policy/providers/credential-sources.ts';

/** Who is behind a request, as far as the origin may know. */
export interface Caller {
  readonly identity: Identity | null;
  /** Headers made from verified claims (`forwardClaims`). */
  readonly claims: readonly (readonly [string, string])[];
  /** Headers with the client's address, for the pass lane alone: on the others it is not part of the key. */
  readonly address?: readonly (readonly [string, string])[];
  /** Of `forwardHeaders`; null: the origin gets none of that name. */
  readonly trace?: ReturnType<typeof traceFields>;
}

/** A cookie as the edge has read it, and not as it was written: the origin could read that otherwise. */
export function cookiePair({ cookies }: RequestFacts, name: string): string | null {
  const value = tokenCookie(cookies, name);
  return value === null || value === undefined ? null : `${name}=${value}`;
}

/** The cookies that a credential stood in, as the edge has read them; null where it stood in none. */
export function cookiePairs(facts: RequestFacts, source: CredentialSource | null): string | null {
  if (source?.kind === 'cookie') return cookiePair(facts, source.name);
  if (source?.kind !== 'cookies') return null;
  let pairs = '';
  for (const name of source.names) pairs += `${pairs === '' ? '' : '; '}${cookiePair(facts, name)}`;
  return pairs;
}

/** The scheme is the backend's business; the URL only carries host, path and query. */
export function absoluteUrl(host: string, target: string): string {
  return `http://${host}${target}`;
}
