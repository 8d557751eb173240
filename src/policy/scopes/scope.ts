import * as v from 'valibot';
import { type ClaimPath, formatClaimPath } from '../claims/claim-path.ts';
import { type ClaimPathInput, claimPaths, compileClaimPath } from '../claims/claim-path-setting.ts';
import {
  compileRequiredClaims,
  type RequiredClaim,
  type RequiredClaimsInput,
  requiredClaims,
} from '../claims/claim-requirements.ts';
import type { Provider } from '../providers/provider.ts';
import { flag, headerName, object, record, texts } from '../settings.ts';
import { compileScopePart, type ScopePart, type ScopePartInput, scopeParts } from './scope-parts.ts';

/**
 * A named tuple of verified claims that partitions the cache.
 * A claim path: `sub`, `tenant.id` (nested), `{ path: ['https://acme.example/org'] }` (dots are part of a name). Reserved names of scopes: `route`,
 * `url`, `type`, `edge`.
 */
export interface ScopeInput {
  /**
   * One claim path, or several in order. May be left out where `requiredClaims` or `parts` make the scope. A value is a string of 1 byte to 1 KiB, a
   * safe integer or a boolean; with anything else the request takes `onInvalid` of the route.
   */
  readonly claims?: ClaimPathInput | readonly ClaimPathInput[];
  /** What partitions the cache in addition to claims. Their values follow those of the claims. */
  readonly parts?: readonly ScopePartInput[];
  /**
   * Claims that a caller must have, or get 403: path to `true` (any value), a value, or a list of accepted values.
   * A claim that is an array has what it contains: `{ groups: 'editors' }`. With dots in a name:
   * `[{ path: ['https://acme.example/groups'], value: 'editors' }]`.
   */
  readonly requiredClaims?: RequiredClaimsInput;
  /**
   * Providers whose tokens are accepted: tried by issuer, then in this order. Default: the only provider. `[]`: no token is asked for, `parts`
   * make the scope; none of them may name what a provider uses as a token.
   */
  readonly providers?: readonly string[];
  /**
   * `true`: the bucket is shared by several people (a team, a tenant). Such an entry is stored only where the
   * origin consents to a shared cache, and the origin is asked with the scope's claims instead of the
   * member's token. Default `false`: the scope names one person.
   */
  readonly shared?: boolean;
  /**
   * A response header in which the origin says whose page it is, such as `x-user-id`. It has to be the scope's first value; a
   * response without it, or with another's, is neither stored nor shown (502).
   */
  readonly assertedBy?: string;
}

/** By what the cache is partitioned. */
export type ScopesInput = Readonly<Record<string, ScopeInput>>;

export interface Scope {
  readonly name: string;
  readonly claims: readonly ClaimPath[];
  readonly providers: readonly Provider[];
  readonly shared: boolean;
  /** For each claim, the names of the other scopes made of that claim alone. Their surrogate keys are added too. */
  readonly partScopes: readonly (readonly string[])[];
  /** Parts beyond `claims`; their values follow those of the claims. */
  readonly parts: readonly ScopePart[];
  readonly requiredClaims: readonly RequiredClaim[];
  /** Response header, lower case, in which the origin says whose page it is; null: it does not. */
  readonly assertedBy: string | null;
}

export const scopes = record(
  object({
    claims: v.optional(claimPaths),
    parts: v.optional(scopeParts),
    requiredClaims: v.optional(requiredClaims),
    providers: v.optional(texts),
    shared: v.optional(flag),
    assertedBy: v.optional(headerName),
  }),
);

/** The claims of a scope as they are written, in order. */
export function claimsOf({ claims = [] }: ScopeInput): readonly ClaimPathInput[] {
  return isOne(claims) ? [claims] : claims;
}

function isOne(claims: NonNullable<ScopeInput['claims']>): claims is ClaimPathInput {
  return !Array.isArray(claims);
}

export function compileScopes(
  inputs: ScopesInput,
  providers: readonly Provider[],
): ReadonlyMap<string, Scope> {
  const listed = Object.entries(inputs).map(([name, input]) => ({
    name,
    input,
    claims: claimsOf(input).map(compileClaimPath),
  }));
  const madeOf = (claim: ClaimPath) =>
    listed
      .filter(({ claims, input }) => claims.length === 1 && input.parts === undefined)
      .filter(({ claims }) => formatClaimPath(claims[0] ?? []) === formatClaimPath(claim))
      .map(({ name }) => name);
  return new Map(
    listed.map(({ name, input, claims }) => {
      const scope: Scope = {
        name,
        claims,
        providers:
          input.providers?.flatMap((wanted) => providers.filter((provider) => provider.name === wanted)) ??
          providers,
        shared: input.shared ?? false,
        partScopes: claims.map((claim) => madeOf(claim).filter((other) => other !== name)),
        parts: (input.parts ?? []).map(compileScopePart),
        requiredClaims: compileRequiredClaims(input.requiredClaims),
        assertedBy: input.assertedBy?.toLowerCase() ?? null,
      };
      return [name, scope];
    }),
  );
}

/** The settings of scopes that are compared exactly, with their paths. */
export function exactValues(input: ScopesInput = {}): (readonly [path: string, text: string])[] {
  return Object.entries(input).flatMap(([name, { parts = [] }]) =>
    parts.flatMap((part, i) =>
      'values' in part
        ? (part.values ?? []).map((text) => [`scopes.${name}.parts.${i}.values`, text] as const)
        : [],
    ),
  );
}

/** Headers and cookies whose whole value is part of a scope, each with its place in the policy. */
export function wholeParts(input: ScopesInput = {}) {
  return Object.entries(input).flatMap(([name, { parts = [] }]) =>
    parts.flatMap((part, i) =>
      ('header' in part || 'cookie' in part) && part.values === undefined
        ? [{ part, at: `scopes.${name}.parts.${i}` }]
        : [],
    ),
  );
}

/** What may be meant, and should be known. */
export function scopeWarnings(input: ScopesInput = {}): readonly string[] {
  return wholeParts(input).map(({ part, at }) => {
    const what = 'header' in part ? `header ${part.header}` : `cookie ${part.cookie}`;
    return `${at}: nothing verifies the ${what}. Whoever sends a value gets what is cached under it; the origin decides who may send it, but only on a miss.`;
  });
}
