import type { ErrorCode } from '../errors.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { Partition } from '../keys/partition.ts';
import type { Algorithm, Encryption } from '../policy/providers/algorithm-names.ts';
import type { CredentialSource } from '../policy/providers/credential-sources.ts';
import type { Scope } from '../policy/scopes/scope.ts';

/** Verified claims of one token. Nothing that has not passed verification is ever of this type. */
export interface Identity {
  readonly provider: string;
  /** Of a credential that says nothing by itself: who was asked about it. */
  readonly algorithm: Algorithm | Encryption | 'session' | 'introspection';
  readonly keyId: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
  /** `exp`, seconds since the epoch; of an answer, until when it counts. */
  readonly expiresAtSeconds: number;
  /** Where the credential stood, so that it can be removed or forwarded, and named in Vary. */
  readonly credentialSource: CredentialSource;
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

/** Which page of a public route a visitor gets: values of the policy's lists, whatever was sent. */
export interface Variant {
  /** What is part of the key. */
  readonly key: readonly string[];
  /** Headers of the edge's own, for the origin, on every lane. */
  readonly told: readonly (readonly [name: string, value: string])[];
  /** What stands in the place of the client's own headers where the answer may be stored. */
  readonly forwarded: readonly (readonly [name: string, value: string])[];
}

/** The latest partitions of each scope that were made for one identity: several where a scope has parts. */
export type FilledScopes = Map<Scope, readonly Partition[]>;
