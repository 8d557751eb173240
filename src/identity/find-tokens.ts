import { type Cookies, parseCookies } from '../http/cookies.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { CredentialSource } from '../policy/providers/credential-sources.ts';
import { isIssuedBy } from '../policy/providers/is-issued-by.ts';
import type { Provider } from '../policy/providers/provider.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import { type AlsoSent, findCredential, NOTHING_ELSE } from './credential.ts';
import type { IdentityResult } from './identity.ts';
import type { ParsedToken } from './parse-token.ts';
import { newTokenEntry, type TokenEntry, type TokenMemory } from './token-memory.ts';
import { readerOf } from './token-reader.ts';

/** A token and a provider that is to be asked about it. */
export interface TokenFor {
  readonly entry: TokenEntry;
  readonly provider: Provider;
  readonly credentialSource: CredentialSource;
}

/** A credential that says nothing by itself: no token that could be read. */
export interface OpaqueFor {
  readonly entry: null;
  readonly text: string;
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
  read: TokenMemory['read'] = newTokenEntry,
  also: AlsoSent = NOTHING_ELSE,
): readonly (TokenFor | OpaqueFor)[] | Extract<IdentityResult, { kind: 'missing' | 'invalid' }> {
  if (also.queryTokens !== undefined && isInTwoPlaces(headers, providers, tokenBytes, cookies, also))
    return { kind: 'invalid', code: 'ERR_CREDENTIAL_AMBIGUOUS' };
  const found: (TokenFor | OpaqueFor)[] = [];
  for (let i = 0; i < providers.length; i++) {
    const provider = providers[i] as Provider;
    const credential = findCredential(headers, cookies, provider, tokenBytes, also);
    if (credential.kind === 'invalid') return credential;
    if (credential.kind === 'missing') continue;
    if (provider.lookup !== null) {
      found.push({
        entry: null,
        text: credential.token,
        provider,
        credentialSource: credential.credentialSource,
      });
      continue;
    }
    const entry = read(credential.token, readerOf(provider, credential.packed));
    if (entry === null) return { kind: 'invalid', code: 'ERR_TOKEN_MALFORMED' };
    found.push({ entry, provider, credentialSource: credential.credentialSource });
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
  // What it claims is not known before it is opened, and nobody else could.
  if (provider.encryption !== null) return true;
  if (provider.issuers.length > 0) return isIssuedBy(token.claims, provider);
  return !providers.some((other) => isIssuedBy(token.claims, other));
}

/**
 * Whether a token in the query stands beside another credential of the scope. A link has the one and a browser adds the other: whoever
 * made the link would choose who the visitor is.
 */
function isInTwoPlaces(
  headers: ReadonlyFields,
  providers: readonly Provider[],
  tokenBytes: number,
  cookies: Cookies,
  also: AlsoSent,
): boolean {
  let filled = '';
  let inQuery = false;
  for (const { credentials } of providers) {
    for (const source of credentials) {
      const { kind } = findCredential(headers, cookies, { credentials: [source] }, tokenBytes, also);
      if (kind === 'missing') continue;
      const name = `${source.kind === 'query' ? '?' : ''}${'pattern' in source ? source.pattern : source.name}`;
      inQuery ||= source.kind === 'query';
      if (filled !== '' && filled !== name) {
        // Somewhere else than the first one: which of both is in the query does not matter.
        if (inQuery) return true;
        continue;
      }
      filled = name;
    }
  }
  return false;
}
