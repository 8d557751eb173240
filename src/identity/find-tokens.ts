import { type Cookies, parseCookies } from '../http/cookies.ts';
import { BoundedMemory } from '../keys/bounded-memory.ts';
import type { CredentialPlace } from '../policy/providers/credential-places.ts';
import type { Provider } from '../policy/providers/provider.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import type { ReadonlyFields } from '../types/fields.ts';
import type { IdentityResult } from '../types/identity.ts';
import { findCredential } from './credential.ts';
import { isIssuedBy } from './is-issued-by.ts';
import { type ParsedToken, parseToken } from './parse-token.ts';

/** A token and a provider that is to be asked about it. */
export interface TokenFor {
  readonly token: ParsedToken;
  readonly provider: Provider;
  readonly place: CredentialPlace;
}

/**
 * The tokens of a request, each with the providers to ask, in the scope's order. A provider that names an issuer is
 * asked only about tokens that claim to be from it, and a token that claims a named issuer goes to no other. The claim
 * is not verified yet: it only chooses whom to ask.
 *
 * @param cookies - Of the same request, where they have been read.
 * @returns `missing`, or `invalid` with ERR_CREDENTIAL_AMBIGUOUS, ERR_TOKEN_MALFORMED, or ERR_TOKEN_CLAIM where no
 * provider is to be asked.
 */
export function findTokens(
  headers: ReadonlyFields,
  { providers }: Scope,
  tokenBytes: number,
  cookies: Cookies = parseCookies(headers),
): readonly TokenFor[] | Extract<IdentityResult, { kind: 'missing' | 'invalid' }> {
  const found: TokenFor[] = [];
  for (const provider of providers) {
    const credential = findCredential(headers, cookies, provider, tokenBytes);
    if (credential.kind === 'invalid') return credential;
    if (credential.kind === 'missing') continue;
    const token = parseOnce(credential.token);
    if (token === null) return { kind: 'invalid', code: 'ERR_TOKEN_MALFORMED' };
    found.push({ token, provider, place: credential.place });
  }
  if (found.length === 0) return { kind: 'missing' };
  const asked = found.filter(({ provider, token }) => isAsked(provider, token, providers));
  return asked.length === 0 ? { kind: 'invalid', code: 'ERR_TOKEN_CLAIM' } : asked;
}

/** What a token says does not depend on the request: it is taken apart once. */
const parsed = new BoundedMemory<string, ParsedToken>(500);

function parseOnce(text: string): ParsedToken | null {
  const known = parsed.get(text) ?? parseToken(text);
  if (known !== null) parsed.set(text, known);
  return known;
}

function isAsked(provider: Provider, token: ParsedToken, providers: readonly Provider[]): boolean {
  // With one provider there is no choice, and verifying gives the more telling error.
  if (providers.length === 1) return true;
  if (provider.issuers.length > 0) return isIssuedBy(token.claims, provider);
  return !providers.some((other) => isIssuedBy(token.claims, other));
}
