/** Who asks, once a token has verified. */
import type { ErrorCode } from '../errors.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { ClaimValue } from '../policy/claims/claim-path.ts';
import type { Algorithm } from '../policy/providers/algorithm-names.ts';
import type { CredentialPlace } from '../policy/providers/credential-places.ts';
import type { Scope } from '../policy/scopes/scope.ts';

/** Verified claims of one token. Nothing that has not passed verification is ever of this type. */
export interface Identity {
  readonly provider: string;
  /** Of a credential that says nothing by itself: who was asked about it. */
  readonly algorithm: Algorithm | 'session' | 'introspection';
  readonly keyId: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
  /** `exp`, seconds since the epoch; of an answer, until when it counts. */
  readonly expiresAtSeconds: number;
  /** Where the credential stood, so that it can be removed or forwarded, and named in Vary. */
  readonly place: CredentialPlace;
}

/** The outcome of looking at a request's credential, for one scope. `why`: more than the code tells, for the log alone. */
export type IdentityResult =
  | {
      readonly kind: 'verified';
      readonly identity: Identity;
      /** For as long as the token is remembered. */
      readonly filledScopes?: FilledScopes;
    }
  /** The scope asks for no token, only for headers, cookies or traits, and they are there. Nothing is verified. */
  | { readonly kind: 'unverified' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly code: ErrorCode; readonly why?: string }
  /**
   * No verdict: keys or a store could not be had, or the client has sent too many bad tokens. Never falls back to
   * another lane.
   */
  | { readonly kind: 'unavailable'; readonly code: ErrorCode; readonly why?: string };

/** What a scope may know of a visitor beside the token. */
export interface Visitor {
  readonly headers: ReadonlyFields;
  /** Exact names, each with its values in their order. */
  readonly cookies: ReadonlyMap<string, readonly string[]>;
  /** ISO 3166-1 alpha-2, or null where unknown. */
  country(): string | null;
  device(): 'desktop' | 'mobile' | 'tablet' | null;
}

/** A scope filled with one identity's values: what partitions the cache. */
export interface Partition {
  readonly scope: string;
  /** '' where nothing was verified. */
  readonly provider: string;
  /** `iss` of the verified token; null where it has none. */
  readonly issuer: ClaimValue | null;
  readonly values: readonly ClaimValue[];
  readonly shared: boolean;
  /** Surrogate keys: of the claims alone, which is what purges go by, of all values, and of scopes made of one of the claims. */
  readonly surrogateKeys: readonly string[];
}

/** The latest partitions of each scope that were made for one identity: several where a scope has parts. */
export type FilledScopes = Map<Scope, readonly Partition[]>;
