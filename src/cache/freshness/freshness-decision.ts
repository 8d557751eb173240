/** May a response be stored, and for how long. */

import type { NamedFields } from '../../http/fields.ts';
import type { FreshnessRule } from '../../policy/routes/route.ts';

/** Everything the freshness decision depends on. */
export interface FreshnessInput {
  readonly lane: 'public' | 'scoped';
  /** A bucket of several people (always true on the public lane). */
  readonly shared: boolean;
  readonly rule: FreshnessRule;
  /** Raw path of the request: what its extension promises. */
  readonly path: string;
  readonly status: number;
  /** The origin's response headers, untouched. */
  readonly headers: NamedFields;
  readonly nowMs: number;
  /** When the request left for the origin: the response may be that old (RFC 9111 section 4.2.3). */
  readonly requestedAtMs: number;
  /** `exp` of the identity; null on the public lane. */
  readonly tokenExpiresAtSeconds: number | null;
}

/** A word for each way a freshness decision can end. */
export type FreshnessReason =
  | 'stored'
  | 'no-store'
  | 'no-cache'
  | 'private'
  | 'no-consent'
  | 'set-cookie'
  | 'vary-star'
  | 'status'
  | 'partial'
  | 'no-freshness'
  | 'zero-ttl'
  | 'content-mismatch'
  | 'event-stream'
  | 'forwarded-echo'
  | 'graphql-errors'
  | 'graphql-unseen';

/** What an origin did that the edge had to handle for it. */
export type OriginWarning =
  /**
   * A response that could be cached sets a cookie. It was not stored; with `stripSetCookie` or `stripSetCookies` it was stored without
   * the cookie.
   */
  | 'set-cookie'
  /** A caching field cannot be read. What forbids was obeyed, what allows was not. */
  | 'malformed-cache-control'
  /** `no-store` together with a `max-age`: `no-store` won. */
  | 'contradictory-cache-control'
  /** A response for one user says `public`. It was stored for that user alone. */
  | 'public-on-personal'
  /** A public route sends `private`. It was not stored. */
  | 'private-on-public'
  /** An encoded response without `Vary: Accept-Encoding`. Variants were kept apart all the same. */
  | 'missing-vary-accept-encoding';

export interface FreshnessDecision {
  readonly store: boolean;
  readonly reason: FreshnessReason;
  /** Freshness left from now on: the response's lifetime less its age. Above 0 only where `store`. */
  readonly ttlSeconds: number;
  /** Age the response already has on arrival. */
  readonly initialAgeSeconds: number;
  readonly staleWhileRevalidateSeconds: number;
  readonly staleIfErrorSeconds: number;
  /** The origin's own surrogate keys, valid ones only. */
  readonly originSurrogateKeys: readonly string[];
  /** Request headers that select a variant at the edge, lower case. */
  readonly vary: readonly string[];
  /** Request fields that the response varies on and that the origin could not see, lower case: it is right without them. */
  readonly unkeyedVary: readonly string[];
  readonly notes: readonly OriginWarning[];
  readonly arithmetic: FreshnessArithmetic;
}

/** How a ttl came about: lifetime less age, capped by the policy and, where it asks for that, by the token. */
export interface FreshnessArithmetic {
  /** The field that was obeyed; null: the origin said nothing of caching. */
  readonly field: 'surrogate-control' | 'cdn-cache-control' | 'cache-control' | null;
  /** Who states the lifetime; null: nobody, or something forbids to store. */
  readonly source: 's-maxage' | 'max-age' | 'expires' | 'ttl.default' | 'negativeTtl' | null;
  readonly statedSeconds: number | null;
  /** As stated, or raised to `ttl.min`. */
  readonly lifetimeSeconds: number | null;
  readonly ageSeconds: number;
  /** `ttl.max`. */
  readonly maxSeconds: number;
  /** What is left of the token; null where it is no cap. */
  readonly tokenLeftSeconds: number | null;
}
