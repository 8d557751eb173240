import { type Cookies, parseCookies } from '../http/cookies.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { CredentialSource } from '../policy/providers/credential-sources.ts';
import { isIssuedBy } from '../policy/providers/is-issued-by.ts';
import type { Provider } from '../policy/providers/provider.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import { findCredential } from './credential.ts';
import type { IdentityResult } from './identity.ts';
import type { ParsedToken } from './parse-token.ts';
import { newTokenEntry, type TokenEntry } from './token-memory.ts';

/** A token and a provider that is to be asked about it. */
export interface TokenFor {
  readonly entry: TokenEntry;
  readonly provider: Provider;
  readonly credentialSource: CredentialSource;
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
): readonly TokenFor[] | Extract<IdentityResult, { kind: 'missing' | 'invalid' }> {
  const found: TokenFor[] = [];
  for (const provider of providers) {
    const credential = findCredential(headers, cookies, provider, tokenBytes);
    if (credential.kind === 'invalid') return credential;
    if (credential.kind === 'missing') continue;
    const entry = read(credential.token);
    if (entry === null) return { kind: 'invalid', code: 'ERR_TOKEN_MALFORMED' };
    found.push({ entry, provider, credentialSource: credential.credentialSource });
  }
  if (found.length === 0) return { kind: 'missing' };
  const asked = found.filter(({ provider, entry }) => isAsked(provider, entry.token, providers));
  return asked.length === 0 ? { kind: 'invalid', code: 'ERR_TOKEN_CLAIM' } : asked;
}

function isAsked(provider: Provider, token: ParsedToken, providers: readonly Provider[]): boolean {
  // With one provider there is no choice, and verifying gives the more telling error.
  if (providers.length === 1) return true;
  if (provider.issuers.length > 0) return isIssuedBy(token.claims, provider);
  return !providers.some((other) => isIssuedBy(token.claims, other));
}
