import type { CredentialInput } from '../providers/provider.ts';
import { cgiName } from '../request-fields/cgi-name.ts';
import type { PolicyInput } from '../routes/route.ts';

const BEARER: readonly CredentialInput[] = [{ header: 'authorization', scheme: 'Bearer' }];

/**
 * Who takes a request header for a credential, by any spelling that an origin may read as the same: a provider of the policy, or a scope that counts
 * the whole value of it. null: nobody.
 */
export function takerOfHeader(policy: PolicyInput, header: string): string | null {
  const wanted = cgiName(header.toLowerCase());
  const isWanted = (place: object) =>
    'header' in place && typeof place.header === 'string' && cgiName(place.header.toLowerCase()) === wanted;
  const provider = providerOf(policy, isWanted);
  if (provider !== null) return provider;
  for (const [name, { parts = [] }] of Object.entries(policy.scopes ?? {})) {
    if (parts.some((part) => isWanted(part) && !('values' in part))) return `The scope ${name}`;
  }
  return null;
}

/** The provider that takes what a part of a scope names for a token; null: none. */
export function providerOfPart(policy: PolicyInput, part: object): string | null {
  if ('cookie' in part)
    return providerOf(policy, (place) => 'cookie' in place && place.cookie === part.cookie);
  if (!('header' in part) || typeof part.header !== 'string') return null;
  const wanted = cgiName(part.header.toLowerCase());
  return providerOf(policy, (place) => 'header' in place && cgiName(place.header.toLowerCase()) === wanted);
}

function providerOf(
  { providers = {} }: PolicyInput,
  isWanted: (place: CredentialInput) => boolean,
): string | null {
  for (const [name, { credentials = BEARER }] of Object.entries(providers)) {
    if (credentials.some(isWanted)) return `The provider ${name}`;
  }
  return null;
}
