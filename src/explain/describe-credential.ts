import type { ReadonlyFields } from '../http/fields.ts';
import { findTokens } from '../identity/find-tokens.ts';
import { formatClaimPath } from '../policy/claims/claim-path.ts';
import type { CredentialPlace } from '../policy/providers/credential-places.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import type { ScopePart } from '../policy/scopes/scope-parts.ts';
import type { IdentityResult, Partition } from '../types/identity.ts';
import type { CredentialReport, ScopeReport } from './explanation.ts';
import { maskClaims, maskValue } from './mask.ts';

/** What the credential turned out to be. Nothing but algorithm and key id is told of a token that does not verify. */
export function describeCredential(
  outcome: IdentityResult,
  headers: ReadonlyFields,
  scope: Scope,
  { tokenBytes, nowMs, showValues }: { tokenBytes: number; nowMs: number; showValues: boolean },
): CredentialReport {
  const found = scope.providers.length === 0 ? [] : findTokens(headers, scope, tokenBytes);
  const asked = 'kind' in found ? [] : found;
  return {
    outcome: outcome.kind,
    code: 'code' in outcome ? outcome.code : outcome.kind === 'missing' ? 'ERR_CREDENTIAL_MISSING' : null,
    asked: asked.map(({ provider, entry, place }) => ({
      provider: provider.name,
      place: placeText(place),
      algorithm: entry?.token.algorithm ?? provider.lookup?.kind ?? '',
      keyId: entry?.token.keyId ?? null,
    })),
    verified: outcome.kind === 'verified' ? verifiedReport(outcome.identity, nowMs, showValues) : null,
  };
}

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

/** The scope, filled with the values of the request. */
export function describeScope(scope: Scope, partition: Partition | null, showValues: boolean): ScopeReport {
  const names = [...scope.claims.map(formatClaimPath), ...scope.parts.map(partText)];
  const values = partition?.values.map((value, i) => ({
    name: names[i] ?? '',
    value: showValues ? value : maskValue(value),
  }));
  return { name: scope.name, shared: scope.shared, values: values ?? null };
}

export function placeText(place: CredentialPlace): string {
  if (place.kind === 'cookie') return `cookie ${place.name}`;
  return place.scheme === null ? `header ${place.name}` : `header ${place.name} (${place.scheme})`;
}

function partText(part: ScopePart): string {
  switch (part.kind) {
    case 'contains':
      return `${formatClaimPath(part.path)} contains`;
    case 'cookiePattern':
      return `cookie ${part.pattern}`;
    case 'header':
    case 'cookie':
      return `${part.kind} ${part.name}`;
    default:
      return part.kind;
  }
}
