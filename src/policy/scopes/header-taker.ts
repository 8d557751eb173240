import { patternsOverlap } from '../name-patterns.ts';
import type { CredentialInput } from '../providers/credential-sources.ts';
import { credentialsOf, type ProvidersInput, tokenCookies } from '../providers/provider.ts';
import { cgiName } from '../request-fields/cgi-name.ts';
import type { ScopePartInput } from './scope-parts.ts';

interface Takers {
  readonly providers?: ProvidersInput;
  readonly scopes?: Readonly<Record<string, { readonly parts?: readonly ScopePartInput[] }>>;
}

/**
 * Who takes a request header for a credential, by any spelling that an origin may read as the same: a provider of the policy, or a scope that counts
 * the whole value of it. null: nobody.
 */
export function takerOfHeader({ providers, scopes = {} }: Takers, header: string): string | null {
  const wanted = cgiName(header.toLowerCase());
  const isWanted = (place: object) =>
    'header' in place && typeof place.header === 'string' && cgiName(place.header.toLowerCase()) === wanted;
  const provider = providerOf(providers, isWanted);
  if (provider !== null) return provider;
  for (const [name, { parts = [] }] of Object.entries(scopes)) {
    if (parts.some((part) => isWanted(part) && !('values' in part))) return `The scope ${name}`;
  }
  return null;
}

/** The provider that takes what a part of a scope names for a token; null: none. */
export function providerOfPart(providers: ProvidersInput | undefined, part: object): string | null {
  if ('cookie' in part && typeof part.cookie === 'string') {
    const { cookie } = part;
    const at = tokenCookies(providers).find((token) => patternsOverlap(token.cookie, cookie))?.at;
    return at === undefined ? null : `The provider ${at.split('.')[1]}`;
  }
  if (!('header' in part) || typeof part.header !== 'string') return null;
  const wanted = cgiName(part.header.toLowerCase());
  return providerOf(
    providers,
    (place) => 'header' in place && cgiName(place.header.toLowerCase()) === wanted,
  );
}

function providerOf(
  providers: ProvidersInput = {},
  isWanted: (place: CredentialInput) => boolean,
): string | null {
  for (const [name, provider] of Object.entries(providers)) {
    if (credentialsOf(provider).some(isWanted)) return `The provider ${name}`;
  }
  return null;
}
