import type {
  FreshnessArithmetic,
  FreshnessReason,
  OriginWarning,
} from '../cache/freshness/freshness-decision.ts';
import type { ErrorCode } from '../errors.ts';
import type { Lane, Reason } from '../lanes/lane.ts';
import type { RouteVerdict } from '../routing/compare-routes.ts';

/** One thing that the edge looks at, and what came of it. */
export interface Step {
  readonly step:
    | 'normalize'
    | 'switches'
    | 'https'
    | 'operator'
    | 'handlers'
    | 'route'
    | 'preflight'
    | 'credential'
    | 'lane'
    | 'engine'
    | 'key'
    | 'response';
  readonly text: string;
}

/** What the edge would do with a request, and why. Values are masked unless they were asked for. */
export interface Explanation {
  readonly v: 1;
  readonly method: string;
  readonly host: string | null;
  readonly path: string | null;
  readonly lane: Lane | 'operator';
  readonly reason: Reason | 'operator' | 'https-redirect';
  /** Of an answer that the edge gives by itself; null where the origin's goes out. */
  readonly status: number | null;
  readonly code: ErrorCode | null;
  readonly route: string | null;
  readonly routes: readonly RouteVerdict[];
  readonly credential: CredentialReport | null;
  readonly scope: ScopeReport | null;
  readonly key: KeyReport | null;
  readonly surrogateKeys: readonly string[];
  /** Purged once the origin has not refused the request. */
  readonly purgesAfterWrite: readonly string[];
  readonly origin: { readonly name: string; readonly backend: string; readonly target: string } | null;
  readonly engine: EngineName | null;
  readonly response: ResponseReport | null;
  /** In the order in which the edge looks. */
  readonly steps: readonly Step[];
  readonly valuesShown: boolean;
}

/** `none`: the platform has no cache. */
export type EngineName = 'readthrough' | 'core' | 'none';

export interface CredentialReport {
  readonly outcome: 'verified' | 'unverified' | 'missing' | 'invalid' | 'unavailable';
  readonly code: ErrorCode | null;
  /** Where the providers of the scope look for a token, in order. */
  readonly places: readonly string[];
  /** Tokens that were looked at, and by whom. Of an unverified token nothing but this and `misfits` is shown. */
  readonly asked: readonly {
    readonly provider: string;
    readonly credentialSource: string;
    readonly algorithm: string;
    readonly keyId: string | null;
  }[];
  /** Why it was refused, where that was for its claims: all that does not fit. */
  readonly misfits: readonly Misfit[];
  readonly verified: {
    readonly provider: string;
    readonly algorithm: string;
    readonly keyId: string | null;
    readonly expiresInSeconds: number;
    readonly claims: Readonly<Record<string, unknown>>;
  } | null;
}

/** One thing in a token that is not as the policy asks. */
export interface Misfit {
  /** Of the policy. */
  readonly provider: string;
  /** `iss`, `aud`, `typ`, `exp`, `nbf`, `iat`, or the path of a claim that is required. */
  readonly field: string;
  readonly expected: string;
  /** Of a claim that is required by its type alone. Times in seconds, and as ISO 8601. */
  readonly actual: string;
}

/** One place where a scope looks for a value. */
export interface Lookup {
  /** A claim's path as a policy spells it, or the part. */
  readonly name: string;
  /** The names of the claim and of its members; null for a part, which is no claim. */
  readonly path: readonly string[] | null;
  /** What is there, by its type; null: no token has verified. */
  readonly found: string | null;
}

export interface ScopeReport {
  readonly name: string;
  readonly shared: boolean;
  /** Claims and parts, in order; null where a value cannot be used. */
  readonly values: readonly { readonly name: string; readonly value: unknown }[] | null;
  readonly lookups: readonly Lookup[];
}

export interface KeyReport {
  /** Whose page, as in the log; null on the public lane, and without a fingerprint_key. */
  readonly fingerprint: string | null;
  /** Two requests with the same one share an entry; null without a fingerprint_key. */
  readonly entry: string | null;
  /** The key itself; null while values are masked. */
  readonly cacheKey: string | null;
}

export interface ResponseReport {
  readonly status: number;
  readonly stored: boolean;
  /** Why, or null where the lane never stores. */
  readonly reason: FreshnessReason | null;
  readonly code: ErrorCode | null;
  readonly ttlSeconds: number;
  readonly staleWhileRevalidateSeconds: number;
  readonly staleIfErrorSeconds: number;
  readonly arithmetic: FreshnessArithmetic | null;
  readonly originSurrogateKeys: readonly string[];
  /** Fields of its `Vary` that the origin is asked without: whoever sends one gets past the cache. */
  readonly unkeyedVary: readonly string[];
  readonly notes: readonly OriginWarning[];
  /** What goes out to the client; null where the answer is an error of the edge. */
  readonly client: {
    readonly cacheControl: string | null;
    readonly vary: string | null;
    readonly setsCookie: boolean;
  } | null;
}
