import * as v from 'valibot';
import { type ClaimPath, formatClaimPath } from '../claims/claim-path.ts';
import {
  type ClaimPathInput,
  claimPath,
  claimPathProblems,
  compileClaimPath,
} from '../claims/claim-path-setting.ts';
import type { Report } from '../policy-error.ts';
import type { ProvidersInput } from '../providers/provider.ts';
import { NEVER_OVERWRITTEN } from '../request-fields/never-overwritten.ts';
import { takerOfHeader } from '../scopes/header-taker.ts';
import { claimsOf, type Scope, type ScopesInput } from '../scopes/scope.ts';
import type { SetPart } from '../scopes/scope-parts.ts';
import { choice, flag, headerName, record } from '../settings.ts';

/** What to do when a credential is missing or invalid. */
export type CredentialFallbackInput = 'reject' | 'pass' | 'public';

/** What a route with a scope does with credentials and identities. */
export interface RouteIdentityInput {
  /** No credential. Default `reject`. */
  readonly onMissing?: CredentialFallbackInput;
  /** A credential that does not verify. Default `reject`. */
  readonly onInvalid?: CredentialFallbackInput;
  /** An unsafe method that the origin did not refuse purges that identity's entries. Default `true`. */
  readonly purgeOnWrite?: boolean;
  /**
   * The origin gets the verified credential: `Authorization`, or the cookie. Default `true`; on shared scopes `false`, where `true` is
   * refused. Where the policy says `false` the origin does not get it on writes either.
   */
  readonly forwardCredential?: boolean;
  /**
   * Verified claims for the origin, as headers: field name to claim path. Inbound headers of these names are removed on every
   * route. On a shared scope only claims of the scope itself. Percent-encoded outside printable ASCII, and at `%`. `{ 'x-user-id': 'sub' }`
   */
  readonly forwardClaims?: Readonly<Record<string, ClaimPathInput>>;
  /** Ask whether the identity was revoked. Needs `revocation` of the policy. Default `false`. */
  readonly revocation?: boolean;
  /** Count bad tokens of a client. Needs `badTokenLimit` of the policy. Default `false`. */
  readonly limitBadTokens?: boolean;
}

/** A verified claim that the origin gets in a header of its own. */
export interface ForwardedClaim {
  readonly header: string;
  readonly path: ClaimPath;
  /** The scope has a set of this claim: the origin gets no other members. null: the claim itself. */
  readonly set: SetPart | null;
}

const fallback = choice('reject', 'pass', 'public');

export const routeIdentity = {
  onMissing: v.optional(fallback),
  onInvalid: v.optional(fallback),
  purgeOnWrite: v.optional(flag),
  forwardCredential: v.optional(flag),
  forwardClaims: v.optional(record(claimPath, headerName)),
  revocation: v.optional(flag),
  limitBadTokens: v.optional(flag),
};

/** The settings that mean nothing without a scope. */
export const NEED_A_SCOPE = [
  'onMissing',
  'onInvalid',
  'purgeOnWrite',
  'capAtTokenExpiry',
  'forwardCredential',
  'forwardClaims',
  'revocation',
  'limitBadTokens',
  'otherSchemes',
] as const;

interface Sections {
  readonly providers?: ProvidersInput;
  readonly scopes?: ScopesInput;
  readonly revocation?: unknown;
  readonly badTokenLimit?: unknown;
}

type Kind = RouteIdentityInput & {
  readonly scope?: string;
  readonly cache?: boolean;
  readonly vary?: readonly string[];
};

/** What is wrong with what a route asks of identities. */
export function routeIdentityProblems(policy: Sections, at: string, route: Kind, report: Report): void {
  const needs = (setting: 'revocation' | 'limitBadTokens', fix: string) =>
    report('POLICY_CONFLICT', `${at}.${setting}`, true, fix);
  if (route.revocation && policy.revocation === undefined) {
    needs('revocation', "Say where revocations stand: revocation: { scopes: ['user'] } of the policy.");
  }
  if (route.limitBadTokens && policy.badTokenLimit === undefined) {
    needs('limitBadTokens', 'Say how many are too many: badTokenLimit: { count: 20 } of the policy.');
  }
  for (const setting of ['onMissing', 'onInvalid'] as const) {
    if (route.cache !== false || route[setting] !== 'public') continue;
    const fix = 'A sensitive route never reaches the shared cache: use reject or pass.';
    report('POLICY_UNSAFE', `${at}.${setting}`, 'public', fix);
  }
  if (scopeOf(policy, route)?.shared && route.forwardCredential) {
    const fix =
      "A shared bucket must not be filled with one member's token: the origin gets the claims of the scope instead.";
    report('POLICY_UNSAFE', `${at}.forwardCredential`, true, fix);
  }
  checkForwardedClaims(policy, at, route, report);
}

function checkForwardedClaims(policy: Sections, at: string, route: Kind, report: Report): void {
  const scope = scopeOf(policy, route);
  const written = (claim: ClaimPathInput) => formatClaimPath(compileClaimPath(claim));
  const sets = (scope?.parts ?? []).flatMap((part) => ('set' in part ? [part.set] : []));
  const ofScope = new Set(scope === undefined ? [] : [...claimsOf(scope), ...sets].map(written));
  for (const [header, claim] of Object.entries(route.forwardClaims ?? {})) {
    const name = header.toLowerCase();
    const setting = `${at}.forwardClaims.${header}`;
    claimPathProblems(setting, claim, report);
    if (
      NEVER_OVERWRITTEN.has(name) ||
      takerOfHeader(policy, header) !== null ||
      route.vary?.some((field) => field.toLowerCase() === name)
    ) {
      const fix = 'This header has another meaning here: choose a name of your own, such as x-user-id.';
      report('POLICY_CONFLICT', setting, header, fix);
    }
    if (scope?.shared && !ofScope.has(written(claim))) {
      const fix =
        "A shared bucket must not be filled with one member's claim: only claims of the scope itself.";
      report('POLICY_UNSAFE', setting, claim, fix);
    }
  }
}

function scopeOf({ scopes }: Sections, { scope }: Kind) {
  return scope === undefined ? undefined : scopes?.[scope];
}

export function compileForwardedClaims(
  input: RouteIdentityInput['forwardClaims'],
  scope: Scope | null,
): readonly ForwardedClaim[] {
  const sets = (scope?.parts ?? []).filter((part) => part.kind === 'set');
  return Object.entries(input ?? {}).map(([header, claim]) => {
    const path = compileClaimPath(claim);
    const set = sets.find((part) => formatClaimPath(part.path) === formatClaimPath(path)) ?? null;
    return { header: header.toLowerCase(), path, set };
  });
}
