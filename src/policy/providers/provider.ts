/** The shape of what a policy says of identities: providers, keys, scopes, revocation. See `input.ts`. */

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
 * - `{ cookie: 'session' }`: the cookie of exactly that name; `{ cookie: 'sb-*-auth-token' }`: the one cookie that the pattern means.
 */
export type CredentialInput =
  | { readonly header: string; readonly scheme?: string }
  | { readonly cookie: string };

/** Where a verification key comes from. A store item holds a JWK, a JWKS, or (HMAC only) a raw secret. */
export type KeySourceInput =
  | { readonly secretStore: string; readonly item: string; readonly format?: 'jwk' | 'raw' }
  | { readonly configStore: string; readonly item: string }
  | { readonly jwk: JsonWebKeyInput }
  | { readonly jwks: { readonly keys: readonly JsonWebKeyInput[] } }
  | RemoteKeysInput;

/**
 * Keys from a server, by a backend of fastly.toml: `jwksUrl` names the JWKS itself, `discovery` the OpenID issuer whose
 * `/.well-known/openid-configuration` leads to it. HTTPS, except on this machine.
 */
export type RemoteKeysInput = ({ readonly jwksUrl: string } | { readonly discovery: string }) & {
  readonly backend: string;
  /** A set is asked for again after this. Default 300. */
  readonly ttlSeconds?: number;
  /** How long the last good set serves while its server is down. Default 86400. */
  readonly keepSeconds?: number;
  /** Between two attempts for an unknown `kid` or after a failure. Default 30. */
  readonly cooldownSeconds?: number;
  /** Default 2000. */
  readonly timeoutMs?: number;
};

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
  /** Leeway for `exp` and `nbf`, with `maxTokenAgeSeconds` for `iat` too. Default 0, at most 300. */
  readonly clockToleranceSeconds?: number;
  /** Required `typ` of the token's header, such as `at+jwt` (RFC 9068). Default: not asked for. */
  readonly type?: string;
  /** The oldest `iat` that counts, in seconds; a token without `iat` is refused then. Default: no limit but `exp`. */
  readonly maxTokenAgeSeconds?: number;
}

/**
 * A named tuple of verified claims that partitions the cache.
 * A claim path: `sub`, `tenant.id` (nested), `https://acme\\.example/org` (an escaped dot is part of a name).
 */
export interface ScopeInput {
  /** One claim path, or several in order. May be left out where `requiredClaims` or `parts` make the scope. */
  readonly claims?: string | readonly string[];
  /** What partitions the cache beside claims. Their values follow those of the claims. */
  readonly parts?: readonly ScopePartInput[];
  /**
   * Claims that a caller must have, or get 403: path to `true` (any value), a value, or a list of accepted values.
   * A claim that is an array has what it contains: `{ groups: 'editors' }`.
   */
  readonly requiredClaims?: Readonly<Record<string, true | ClaimValueInput | readonly ClaimValueInput[]>>;
  /** Providers whose tokens are accepted. Default: the only provider. `[]`: no token is asked for, `parts` make the scope. */
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

export type ClaimValueInput = string | number | boolean;

/**
 * - `{ contains: 'groups', value: 'editors' }`: whether an array claim has that member.
 * - `{ header: 'accept-language', values: ['de', 'en'] }`, `{ cookie: 'ab', values: ['a', 'b'] }`: one of the list, else
 *   `other`; `Accept-Language` is negotiated. The origin gets the value that counts.
 *   `{ cookie: 'ab_*', … }`: the one cookie that the pattern means; its name is part of the value.
 * - `{ header: 'x-api-key' }`, `{ cookie: 'sid' }`: the whole value, hashed, and it has to be there. NOTHING IS VERIFIED.
 * - `{ country: true }` or `{ country: ['DE', 'AT'] }`: by the client's address; `{ device: true }`: desktop, mobile, tablet.
 */
export type ScopePartInput =
  | { readonly contains: string; readonly value: ClaimValueInput }
  | { readonly header: string; readonly values?: readonly string[] }
  | { readonly cookie: string; readonly values?: readonly string[] }
  | { readonly country: true | readonly string[] }
  | { readonly device: true };

/** Revoking identities before their tokens expire: routes with `revocation: true` ask a KV Store. */
export interface RevocationInput {
  /** Name of the KV Store. Default `claimcache_revocations`. */
  readonly store?: string;
  /** Scopes of one claim by whose values an identity is revoked: `['user']`. A `jti` is always asked for. */
  readonly scopes: readonly string[];
  /** The store is down: `reject` with 503 (default), or `allow`. */
  readonly onUnavailable?: 'reject' | 'allow';
  /** The longest life of a token: entries are kept for that long. Default 86400. */
  readonly maxTokenSeconds?: number;
}

/** Clients that send too many bad tokens get 429 on routes with `limitBadTokens: true` (Fastly's edge rate limiter). */
export interface BadTokenLimitInput {
  /** Bad tokens of one client within the window. */
  readonly count: number;
  /** Default 60. */
  readonly windowSeconds?: 1 | 10 | 60;
  /** How long the client stays out. Default 5. */
  readonly blockMinutes?: number;
  /** Names of the service's rate counter and penalty box. Defaults `claimcache_bad_tokens`, `claimcache_penalty_box`. */
  readonly rateCounter?: string;
  readonly penaltyBox?: string;
}

/** How often whoever is signed in may purge their own entries by `POST /.edge/purge/me`. */
export interface SelfPurgeInput {
  /** Purges of one identity within the window. Default 10. */
  readonly count?: number;
  /** Default 60. */
  readonly windowSeconds?: 1 | 10 | 60;
  /** How long the identity has to wait then. Default 1. */
  readonly blockMinutes?: number;
  /** Names of the service's rate counter and penalty box. Defaults `claimcache_self_purges`, `claimcache_self_purge_box`. */
  readonly rateCounter?: string;
  readonly penaltyBox?: string;
}
