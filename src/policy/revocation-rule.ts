import * as v from 'valibot';
import type { ClaimPath } from './claims/claim-path.ts';
import type { Report } from './policy-error.ts';
import { claimsOf, type Scope, type ScopesInput } from './scopes/scope.ts';
import { choice, object, secondsUpTo, text, texts } from './settings.ts';

/**
 * Revoking identities before their tokens expire: routes with `revocation: true` ask a KV Store. A revocation applies to tokens with an `iat` up
 * to that second or without `iat`, and to CMS cookies that are JWTs on every route. The user is purged too.
 */
export interface RevocationInput {
  /** Name of the KV Store. Default `claimcache_revocations`. */
  readonly store?: string;
  /** Scopes of one claim by whose values an identity is revoked: `['user']`. A `jti` is always asked for. */
  readonly scopes: readonly string[];
  /** The store is down: `reject` with 503 (default), or `allow`. */
  readonly onUnavailable?: 'reject' | 'allow';
  /** At least the lifetime of a token: a revocation ends after this. Default 86400. */
  readonly maxTokenSeconds?: number;
}

/** Which identities may be revoked before their tokens expire. */
export interface RevocationRule {
  /** Name of the KV Store. */
  readonly store: string;
  /** Scopes of one claim by whose values an identity is revoked: `user` by `sub`. */
  readonly scopes: readonly { readonly name: string; readonly path: ClaimPath }[];
  /** The store is down: `reject` with ERR_REVOCATION_UNAVAILABLE, or `allow`. */
  readonly onUnavailable: 'reject' | 'allow';
  /** The longest life of a token: entries are kept for that long. */
  readonly maxTokenSeconds: number;
}

export const revocation = object({
  store: v.optional(text),
  scopes: texts,
  onUnavailable: v.optional(choice('reject', 'allow')),
  maxTokenSeconds: v.optional(secondsUpTo(31_536_000)),
});

/** What is wrong with the scopes by which people are revoked. */
export function revocationProblems(
  { revocation, scopes }: { readonly revocation?: RevocationInput; readonly scopes?: ScopesInput },
  report: Report,
): void {
  for (const name of revocation?.scopes ?? []) {
    const scope = scopes?.[name];
    if (scope !== undefined && claimsOf(scope).length === 1 && scope.parts === undefined) continue;
    const fix = 'Expected the name of a scope of exactly one claim, such as "user".';
    report('POLICY_UNKNOWN_REFERENCE', 'revocation.scopes', name, fix);
  }
}

export function compileRevocation(
  input: RevocationInput | undefined,
  scopes: ReadonlyMap<string, Scope>,
): RevocationRule | null {
  if (input === undefined) return null;
  return {
    store: input.store ?? 'claimcache_revocations',
    scopes: input.scopes.map((name) => ({ name, path: scopes.get(name)?.claims[0] ?? [] })),
    onUnavailable: input.onUnavailable ?? 'reject',
    maxTokenSeconds: input.maxTokenSeconds ?? 86_400,
  };
}
