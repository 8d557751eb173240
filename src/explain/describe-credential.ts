import type { AlsoSent } from '../identity/credential.ts';
import { findTokens, type OpaqueFor, type TokenFor } from '../identity/find-tokens.ts';
import type { IdentityResult } from '../identity/identity.ts';
import { newTokenEntry } from '../identity/token-memory.ts';
import type { Partition } from '../keys/partition.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import { formatClaimPath } from '../policy/claims/claim-path.ts';
import type { CredentialSource, SearchedSource } from '../policy/providers/credential-sources.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import { claimLookups, partText } from './claim-lookups.ts';
import { claimMisfits, requirementMisfits } from './claim-misfits.ts';
import type { CredentialReport, Misfit, ScopeReport } from './explanation.ts';
import { maskClaims, maskValue } from './mask.ts';

/**
 * What the credential turned out to be. Of a token that does not verify algorithm and key id are told, and where it was refused for its claims those
 * that did not fit: nothing else.
 */
export function describeCredential(
  outcome: IdentityResult,
  { headers, cookies, queryTokens }: RequestFacts,
  { scope, otherSchemes }: { readonly scope: Scope; readonly otherSchemes: readonly string[] },
  { tokenBytes, nowMs, showValues }: { tokenBytes: number; nowMs: number; showValues: boolean },
): CredentialReport {
  const also: AlsoSent = { otherSchemes, queryTokens };
  const tokensOf = (of: Scope): readonly (TokenFor | OpaqueFor)[] => {
    const found = findTokens(headers, of, tokenBytes, cookies, newTokenEntry, also);
    return 'kind' in found ? [] : found;
  };
  const asked = scope.providers.length === 0 ? [] : tokensOf(scope);
  const searched = scope.providers.flatMap(({ credentials }) => credentials.map(sourceText));
  return {
    outcome: outcome.kind,
    code: 'code' in outcome ? outcome.code : outcome.kind === 'missing' ? 'ERR_CREDENTIAL_MISSING' : null,
    places: [...new Set(searched)],
    misfits: 'code' in outcome ? misfitsOf(outcome.code, scope, { asked, tokensOf, nowMs }) : [],
    asked: asked.map(({ provider, entry, credentialSource }) => ({
      provider: provider.name,
      credentialSource: sourceText(credentialSource),
      algorithm: entry?.token.algorithm ?? provider.lookup?.kind ?? '',
      keyId: entry?.token.keyId ?? null,
    })),
    verified: outcome.kind === 'verified' ? verifiedReport(outcome.identity, nowMs, showValues) : null,
  };
}

function misfitsOf(
  code: Extract<IdentityResult, { code: unknown }>['code'],
  scope: Scope,
  {
    asked,
    tokensOf,
    nowMs,
  }: {
    readonly asked: readonly (TokenFor | OpaqueFor)[];
    readonly tokensOf: (scope: Scope) => readonly (TokenFor | OpaqueFor)[];
    readonly nowMs: number;
  },
): readonly Misfit[] {
  if (code === 'ERR_SCOPE_INSUFFICIENT')
    return readable(asked).flatMap(({ provider, entry: { token } }) =>
      requirementMisfits(token.claims, scope.requiredClaims, provider.name),
    );
  if (!OF_CLAIMS.has(code)) return [];
  // Where no issuer fits nobody is asked: each provider by itself says why.
  const tokens =
    asked.length > 0 ? asked : scope.providers.flatMap((one) => tokensOf({ ...scope, providers: [one] }));
  return readable(tokens).flatMap(({ provider, entry: { token } }) => claimMisfits(token, provider, nowMs));
}

/** What is encrypted, or says nothing by itself, cannot be read here. */
function readable(tokens: readonly (TokenFor | OpaqueFor)[]): readonly TokenFor[] {
  return tokens.filter((one): one is TokenFor => one.entry !== null && one.provider.encryption === null);
}

const OF_CLAIMS: ReadonlySet<string> = new Set([
  'ERR_TOKEN_CLAIM',
  'ERR_TOKEN_EXPIRED',
  'ERR_TOKEN_NOT_YET_VALID',
]);

function verifiedReport(
  {
    provider,
    algorithm,
    keyId,
    claims,
    expiresAtSeconds,
  }: Extract<IdentityResult, { kind: 'verified' }>['identity'],
  nowMs: number,
  showValues: boolean,
) {
  return {
    provider,
    algorithm,
    keyId,
    expiresInSeconds: Math.floor(expiresAtSeconds - nowMs / 1000),
    claims: showValues ? claims : maskClaims(claims),
  };
}

/** The scope, filled with the values of the request, and where it looks for them. */
export function describeScope(
  scope: Scope,
  outcome: IdentityResult,
  partition: Partition | null,
  { headers, cookies }: RequestFacts,
  showValues: boolean,
): ScopeReport {
  const names = [...scope.claims.map(formatClaimPath), ...scope.parts.map(partText)];
  const values = partition?.values.map((value, i) => ({
    name: names[i] ?? '',
    value: showValues ? value : maskValue(value),
  }));
  const claims = outcome.kind === 'verified' ? outcome.identity.claims : null;
  return {
    name: scope.name,
    shared: scope.shared,
    values: values ?? null,
    lookups: claimLookups(scope, claims, { headers, cookies }),
  };
}

export function sourceText(source: SearchedSource | CredentialSource): string {
  switch (source.kind) {
    case 'cookiePattern':
      return `cookie ${source.pattern}`;
    case 'cookie':
      return `cookie ${source.name}`;
    case 'query':
      return `query parameter ${source.name}`;
    case 'packedCookie':
      return `cookie ${source.pattern}`;
    case 'cookies':
      return source.names[0] === source.name
        ? `cookie ${source.name}`
        : `cookie ${source.name} (in ${source.names.length} chunks)`;
    default:
      return source.scheme === null ? `header ${source.name}` : `header ${source.name} (${source.scheme})`;
  }
}
