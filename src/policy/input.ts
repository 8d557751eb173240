/**
 * The shape of `src/policy.ts`: what a user writes. Everything optional here is filled in by
 * `compile.ts`; nothing behind the policy room ever sees these types.
 */

/** A JSON Web Key (RFC 7517). Private members are refused by the policy. */
export interface JsonWebKeyInput {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly [member: string]: unknown;
}

/** JWS algorithms (RFC 7518 section 3.1, RFC 8037). */
export type Algorithm =
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA';

/**
 * Where a token stands in a request.
 * - `{ header: 'authorization', scheme: 'Bearer' }`: the scheme is matched without case.
 * - `{ header: 'x-session-token' }`: the whole field value is the token.
 * - `{ cookie: 'session' }`: the cookie of exactly that name.
 */
export type CredentialInput =
  | { readonly header: string; readonly scheme?: string }
  | { readonly cookie: string };

/** Where a verification key comes from. A store item holds a JWK, a JWKS, or (HMAC only) a raw secret. */
export type KeySourceInput =
  | { readonly secretStore: string; readonly item: string; readonly format?: 'jwk' | 'raw' }
  | { readonly configStore: string; readonly item: string }
  | { readonly jwk: JsonWebKeyInput }
  | { readonly jwks: { readonly keys: readonly JsonWebKeyInput[] } };

/** Who issues tokens, and what makes one of them valid. */
export interface ProviderInput {
  /** Places to look in, in order: the first that holds a value is the credential. Default: `Authorization: Bearer`. */
  readonly credentials?: readonly CredentialInput[];
  /** Algorithms accepted. The token never chooses one that is not named here. */
  readonly algorithms: readonly Algorithm[];
  readonly keys: KeySourceInput;
  /** Required `iss`, compared exactly. */
  readonly issuer?: string;
  /** Required `aud`; the token must name at least one of these. */
  readonly audience?: string | readonly string[];
  /** Leeway for `exp` and `nbf`. Default 0, at most 300. */
  readonly clockToleranceSeconds?: number;
}

/**
 * A named tuple of verified claims that partitions the cache.
 * A claim path: `sub`, `tenant.id` (nested), `https://acme\\.example/org` (an escaped dot is part of a name).
 */
export interface ScopeInput {
  /** One claim path, or several in order. */
  readonly claims: string | readonly string[];
  /** Providers whose tokens are accepted. Default: the only provider. */
  readonly providers?: readonly string[];
  /**
   * `true`: the bucket is shared by several people (a team, a tenant). Such an entry is stored only where the
   * origin consents to a shared cache, and the origin is asked with the scope's claims instead of the
   * member's token. Default `false`: the scope names one person.
   */
  readonly shared?: boolean;
}

/**
 * The edge's time to live of one route, in seconds.
 * - `default`: used when a cacheable-by-default status (200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501)
 *   comes without any freshness of its own.
 *   On an error status (4xx, 5xx) it is not used: see `negativeTtlSeconds`.
 * - `min`: raises a shorter positive freshness of a 2xx, 301 or 308. It never beats `no-store`, `no-cache`, `max-age=0`,
 *   or `private` outside a personal scope.
 * - `max`: caps any freshness, whatever its source.
 */
export interface TtlInput {
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

/** What to do when a credential is missing or invalid. */
export type FallbackInput = 'reject' | 'pass' | 'public';

/** One rule: a path pattern and what happens there. */
export interface RouteInput {
  /** A path pattern: `/api/orders`, `/api/orders/:id`, `/assets/**`. */
  readonly path: string;
  /** Cache per scope: the name of an entry of `scopes`. Excludes `lane`. */
  readonly scope?: string;
  /** A lane without a scope. `sensitive`: with `scope`, verify the token but never store. */
  readonly lane?: 'public' | 'pass';
  /**
   * `false`: a sensitive route: the token is verified and the request passes; nothing is stored and
   * `no-store` goes out. Excludes every time to live. Default `true`.
   */
  readonly cache?: boolean;
  /** Name of an entry of `origins`. Default: by the origins' own `paths`. */
  readonly origin?: string;
  /** A number is short for `{ default: n }`. */
  readonly ttlSeconds?: number | TtlInput;
  readonly staleWhileRevalidateSeconds?: number;
  readonly staleIfErrorSeconds?: number;
  /** `max-age` for the browser. Never outlives the token. Default: a scoped route revalidates (`private, no-cache`), a public one keeps the origin's field. */
  readonly browserTtlSeconds?: number;
  /** Negative caching: error status to seconds, where the origin states no freshness. `{ 404: 30 }` */
  readonly negativeTtlSeconds?: Readonly<Record<number, number>>;
  /** Public routes only: remove `Set-Cookie` and store, for sites that set a cookie on every page. */
  readonly stripSetCookie?: boolean;
  /** No credential. Default `reject`. */
  readonly onMissing?: FallbackInput;
  /** A credential that does not verify. Default `reject`. */
  readonly onInvalid?: FallbackInput;
  /** Request headers that reach the origin on this route and are part of the cache key, such as `accept-language`. */
  readonly vary?: readonly string[];
  /**
   * Query parameters that count. `'all'` (default) minus `ignoreQuery` of the policy, `'none'`, or a list of names.
   * A parameter that does not count does not reach the origin either.
   */
  readonly query?: 'all' | 'none' | readonly string[];
  /** An unsafe method that the origin did not refuse purges that identity's entries. Default `true`. */
  readonly purgeOnWrite?: boolean;
  /** Never let the edge's copy outlive the token that fetched it. Default `false`: each hit is verified anyway. */
  readonly capAtTokenExpiry?: boolean;
  /** Send the caller's `Authorization` (or credential cookie) on to the origin. Default `true`, `false` on shared scopes, where it must not be `true`. */
  readonly forwardCredential?: boolean;
}

/** One backend of fastly.toml and which requests it serves. */
export interface OriginInput {
  /** The backend's name in fastly.toml. */
  readonly backend: string;
  /** Path patterns that this origin serves. Default: everything no other origin claims. */
  readonly paths?: readonly string[];
  /** The `Host` sent to the origin. Default: the request's own. */
  readonly hostHeader?: string;
}

/** Who is an editor: their traffic passes, and is never cached. */
export interface CmsInput {
  /** Session cookies, by exact name. */
  readonly cookies?: readonly string[];
  /** Path patterns that always pass. */
  readonly paths?: readonly string[];
  /** `true` (default): a request with `Authorization` that no scope claims passes. */
  readonly bearer?: boolean;
}

/** Limits on what a request may bring and how long an origin may take. */
export interface LimitsInput {
  /** Longest path and query, in bytes. Default 4096. */
  readonly urlBytes?: number;
  /** Longest token, in bytes. Default 8192. */
  readonly tokenBytes?: number;
  /** Bodies up to this size are sent whole, longer ones are streamed. Default 65536. */
  readonly bufferBytes?: number;
  /** How long a request waits for another's fetch of the same key before it fetches for itself. Default 10000. */
  readonly collapseTimeoutMs?: number;
  /** All request header fields together, names and values, in bytes; more is a 431. Default 32768. */
  readonly headerBytes?: number;
  /** The `Cookie` field, in bytes; more is a 431. Default 16384. */
  readonly cookieBytes?: number;
  /** How long an origin may take to its response headers; then 504, or stale where allowed. Default 15000. */
  readonly firstByteTimeoutMs?: number;
  /** The longest silence within a response body that is being stored. Default 10000. */
  readonly betweenBytesTimeoutMs?: number;
  /** Further attempts of a GET or HEAD that did not reach its origin. Default 1, at most 3. */
  readonly retries?: number;
}

export interface PolicyInput {
  /** Names of the stores in fastly.toml. Defaults: `claimcache_config`, `claimcache_secrets`. */
  readonly stores?: { readonly config?: string; readonly secrets?: string };
  /** Name of the log endpoint. Default `claimcache`. */
  readonly logEndpoint?: string;
  /** Host names served. Default: any. A wrong `Host` gets 421. */
  readonly hosts?: readonly string[];
  readonly origins: Readonly<Record<string, OriginInput>>;
  readonly cms?: CmsInput;
  readonly providers?: Readonly<Record<string, ProviderInput>>;
  readonly scopes?: Readonly<Record<string, ScopeInput>>;
  readonly routes: Readonly<Record<string, RouteInput>>;
  /** Query parameters that never count and never reach the origin on a cacheable lane: `utm_source`, `utm_*`. */
  readonly ignoreQuery?: readonly string[];
  readonly limits?: LimitsInput;
}
