import { type Cookies, parseCookies } from '../http/cookies.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { CredentialPlace } from '../policy/providers/credential-places.ts';
import type { Provider } from '../policy/providers/provider.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import type { IdentityResult } from '../types/identity.ts';
import { findCredential } from './credential.ts';
import { isIssuedBy } from './is-issued-by.ts';
import type { ParsedToken } from './parse-token.ts';
import { newTokenEntry, type TokenEntry } from './token-memory.ts';

/** A token and a provider that is to be asked about it. */
export interface TokenFor {
  readonly entry: TokenEntry;
  readonly provider: Provider;
  readonly place: CredentialPlace;
}

/** A credential that says nothing by itself: no token that could be read. */
export interface OpaqueFor {
  readonly entry: null;
  readonly text: string;
  readonly provider: Provider;
  readonly place: CredentialPlace;
}

/**
 * The tokens of a request, each with the providers to ask, in the scope's order. A provider that names an issuer is
 * asked only about tokens that claim to be from it, and a token that claims a named issuer goes to no other. The claim
 * is not verified yet: it only chooses whom to ask.
 *
 * @param cookies - Of the same request, where they have been read.
 * @param read - Where what is known of a token is kept.
 * @returns `missing`, or `invalid` with ERR_CREDENTIAL_AMBIGUOUS, ERR_TOKEN_MALFORMED, or ERR_TOKEN_CLAIM where no
 * provider is to be asked.
 */
export function findTokens(
  headers: ReadonlyFields,
  { providers }: Scope,
  tokenBytes: number,
  cookies: Cookies = parseCookies(headers),
  read: (text: string) => TokenEntry | null = newTokenEntry,
): readonly (TokenFor | OpaqueFor)[] | Extract<IdentityResult, { kind: 'missing' | 'invalid' }> {
  const found: (TokenFor | OpaqueFor)[] = [];
  for (const provider of providers) {
    const credential = findCredential(headers, cookies, provider, tokenBytes);
    if (credential.kind === 'invalid') return credential;
    if (credential.kind === 'missing') continue;
    if (provider.lookup !== null) {
      found.push({ entry: null, text: credential.token, provider, place: credential.place });
      continue;
    }
    const entry = read(credential.token);
    if (entry === null) return { kind: 'invalid', code: 'ERR_TOKEN_MALFORMED' };
    found.push({ entry, provider, place: credential.place });
  }
  if (found.length === 0) return { kind: 'missing' };
  const asked = found.filter(
    ({ provider, entry }) => entry === null || isAsked(provider, entry.token, providers),
  );
  return asked.length === 0 ? { kind: 'invalid', code: 'ERR_TOKEN_CLAIM' } : asked;
}

function isAsked(provider: Provider, token: ParsedToken, providers: readonly Provider[]): boolean {
  // With one provider there is no choice, and verifying gives the more telling error.
  if (providers.length === 1) return true;
  if (provider.issuers.length > 0) return isIssuedBy(token.claims, provider);
  return !providers.some((other) => isIssuedBy(token.claims, other));
}
