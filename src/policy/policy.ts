/** The compiled policy: plain data, that the service is built with. */

import type { Algorithm, JsonWebKeyInput } from './providers/provider.ts';
import type { FallbackInput } from './routes/route.ts';

/** A pattern of names, taken apart at its stars: `sb-*-token` is `['sb-', '-token']`. */
export type Glob = readonly string[];

/** Names of cookies or query parameters: exact ones, and patterns. */
export interface NamePatterns {
  readonly names: ReadonlySet<string>;
  readonly globs: readonly Glob[];
}

/** A claim path, split: `tenant.id` is `['tenant', 'id']`. */
export type ClaimPath = readonly string[];

/** Where a credential stood in a request. */
export type CredentialPlace =
  | { readonly kind: 'header'; readonly name: string; readonly scheme: string | null }
  | { readonly kind: 'cookie'; readonly name: string };

/** Where a credential may stand: in a place, or in the one cookie whose name a pattern means. */
export type SearchedPlace =
  | CredentialPlace
  | { readonly kind: 'cookiePattern'; readonly pattern: string; readonly glob: Glob };

export type KeySource =
  | {
      readonly kind: 'secretStore';
      readonly store: string;
      readonly item: string;
      readonly format: 'jwk' | 'raw';
    }
  | { readonly kind: 'configStore'; readonly store: string; readonly item: string }
  | { readonly kind: 'inline'; readonly keys: readonly JsonWebKeyInput[] }
  | RemoteKeySource;

/** A JWKS by URL, from a named backend. */
export interface RemoteKeySource {
  readonly kind: 'remote';
  readonly backend: string;
  /** The JWKS, or with `issuer` the discovery document that leads to it. */
  readonly url: string;
  /** OpenID discovery: the `issuer` that the document must name. null: `url` is the JWKS. */
  readonly issuer: string | null;
  /** A set is asked for again after this. */
  readonly ttlSeconds: number;
  /** The last good set serves that long when the server is down. */
  readonly keepSeconds: number;
  /** Between two attempts, whatever the reason of the second. */
  readonly cooldownSeconds: number;
  readonly timeoutMs: number;
}

export interface Provider {
  readonly name: string;
  readonly credentials: readonly SearchedPlace[];
  readonly algorithms: readonly Algorithm[];
  readonly keys: KeySource;
  readonly issuer: string | null;
  /** Empty: `aud` is not asked for. */
  readonly audience: readonly string[];
  readonly clockToleranceSeconds: number;
  /** Required `typ` of the token's header, such as `at+jwt` (RFC 9068); compared without case and `application/`. */
  readonly type: string | null;
  /** Oldest `iat` accepted. */
  readonly maxTokenAgeSeconds: number | null;
}

/** A claim that a caller must have, or be refused with ERR_SCOPE_INSUFFICIENT. */
export interface RequiredClaim {
  readonly path: ClaimPath;
  /** One of these, itself or in an array; null: any value. */
  readonly values: readonly ClaimValue[] | null;
}

/**
 * A part of a scope beyond its claims. `values` null: the whole value, hashed, and it has to be there; a list: one of
 * these, anything else counts as `other`.
 */
export type ScopePart =
  | { readonly kind: 'contains'; readonly path: ClaimPath; readonly value: ClaimValue }
  | {
      readonly kind: 'header' | 'cookie';
      /** Lower case for a header, exact for a cookie. */
      readonly name: string;
      readonly values: readonly string[] | null;
    }
  /** The one cookie whose name the pattern means. Its value is `name=value`: the origin gets the name, too. */
  | {
      readonly kind: 'cookiePattern';
      readonly pattern: string;
      readonly glob: Glob;
      readonly values: readonly string[] | null;
    }
  /** ISO 3166-1 alpha-2, upper case; `values` null: any country. */
  | { readonly kind: 'country'; readonly values: readonly string[] | null }
  | { readonly kind: 'device' };

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

/** When a client, or an identity, has done too much of something. */
export interface RateRule {
  /** Within the window. */
  readonly count: number;
  readonly windowSeconds: 1 | 10 | 60;
  readonly blockMinutes: number;
  readonly rateCounter: string;
  readonly penaltyBox: string;
}

export interface TtlRule {
  readonly defaultSeconds: number | null;
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

/** What freshness needs to know of a route. */
export interface FreshnessRule {
  readonly ttl: TtlRule;
  readonly staleWhileRevalidateSeconds: number | null;
  readonly staleIfErrorSeconds: number | null;
  readonly capAtTokenExpiry: boolean;
  /** Error status to seconds, for answers without freshness of their own. */
  readonly negativeTtlSeconds: Readonly<Record<number, number>>;
  /** Public routes only: store a response that sets a cookie, without the cookie. */
  readonly stripSetCookie: boolean;
  /** Scoped routes only: names, each with one `*` at most, of cookies that no answer from the cacheable lane sets. */
  readonly stripSetCookies: readonly string[];
  /** Request fields in a response's `Vary` that change nothing at the edge: part of the key, or never to count. Lower case. */
  readonly knownVary: readonly string[];
}

export type QueryRule =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | ({ readonly kind: 'only' } & NamePatterns);

export interface Route {
  readonly name: string;
  readonly path: string;
  /** `sensitive`: verified, passed, never stored. */
  readonly kind: 'public' | 'pass' | 'scoped' | 'sensitive';
  readonly scope: Scope | null;
  /** null: chosen by the origins' path patterns. */
  readonly origin: Origin | null;
  readonly freshness: FreshnessRule;
  readonly browserTtlSeconds: number | null;
  /** Text that its origin has not encoded may be compressed on its way out. */
  readonly compress: boolean;
  readonly onMissing: FallbackInput;
  readonly onInvalid: FallbackInput;
  /** Lower case, sorted, unique. */
  readonly vary: readonly string[];
  readonly query: QueryRule;
  readonly purgeOnWrite: boolean;
  /** On the cacheable lane. */
  readonly forwardCredential: boolean;
  /** The policy says that the origin must never see the credential, on the pass lane neither. */
  readonly hideCredential: boolean;
  readonly forwardClaims: readonly { readonly header: string; readonly path: ClaimPath }[];
  readonly revocation: RevocationRule | null;
  readonly badTokenLimit: RateRule | null;
  /** The policy's CORS applies. */
  readonly cors: boolean;
  /** Request fields by which answers of this route differ: those of credentials and scope parts; lower case, unique. */
  readonly credentialFields: readonly string[];
  readonly passLimit: RateRule | null;
  readonly fallbackPage: FallbackPage | null;
  /** null: not a GraphQL endpoint. */
  readonly graphql: GraphqlRule | null;
}

/** What a GraphQL endpoint caches. */
export interface GraphqlRule {
  /** By name of the type. `surrogateKey` null: not tagged with it. */
  readonly types: ReadonlyMap<
    string,
    { readonly ttlSeconds: number | null; readonly surrogateKey: string | null }
  >;
  /** By name of a root field of the query type: the types in its answer, all of them keys of `types`. */
  readonly fields: ReadonlyMap<
    string,
    { readonly ttlSeconds: number | null; readonly types: readonly string[] }
  >;
  /** Trusted documents: identifier to text. */
  readonly documents: ReadonlyMap<string, string>;
  /** A POST that carries only a hash which the edge has not learned: to the origin, or ask the client for the text. */
  readonly unknownHash: 'pass' | 'ask';
  readonly limits: {
    /** Of a POSTed request. */
    readonly bodyBytes: number;
    /** Of an answer that may be stored. */
    readonly answerBytes: number;
    readonly tokens: number;
    readonly depth: number;
  };
}

export interface Origin {
  readonly name: string;
  readonly backend: string;
  readonly paths: readonly string[];
  readonly hostHeader: string | null;
  /** Lower case. */
  readonly hosts: readonly string[];
  /** A header that proves to the origin that a request came through the edge, and the secret in it. */
  readonly lock: { readonly header: string; readonly store: string; readonly item: string } | null;
  readonly firstByteTimeoutMs: number;
  readonly shield: Shield | null;
}

/** Where a second pass of this service stands before an origin. */
export type Shield =
  | { readonly kind: 'site'; readonly site: string }
  /** Another service, or another instance: a purge of this one does not reach its cache. */
  | { readonly kind: 'backend'; readonly backend: string };

/** What makes a CMS cookie count. */
export type SessionRule =
  /** A token: a scope without claims, whose provider looks into that cookie alone. */
  | {
      readonly kind: 'token';
      readonly scope: Scope;
      /** null: the policy has no revocation. */
      readonly revocation: RevocationRule | null;
    }
  | {
      readonly kind: 'hmac';
      /** Of the cookie. */
      readonly name: string;
      readonly store: string;
      readonly item: string;
      readonly format: 'plain' | 'express';
      /** The signed text ends with `.<unix seconds>`. */
      readonly expires: boolean;
      /** What was signed: `<name>=<text>`, or also the text alone. */
      readonly covers: 'name' | 'text';
      /** The text begins with that. */
      readonly prefix: string;
    };

export type FallbackPage =
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'path'; readonly path: string };

export interface CorsRule {
  /** `*`: without credentials. */
  readonly anyOrigin: boolean;
  /** Lower case: `https://app.example.com`, `https://*.example.com`. */
  readonly origins: readonly string[];
  /** Beside GET, HEAD and POST. */
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds: number;
}

export type HttpsMode = 'redirect' | 'require' | 'off';

/** Which fields of a client go any further, beside what holds for every policy. In lower case. */
export interface RequestFields {
  /** Exact names that are let in though they are dropped otherwise. */
  readonly allow: ReadonlySet<string>;
  /** Those that only the edge may set towards an origin, and those of the policy. */
  readonly drop: ReadonlySet<string>;
  readonly dropBeginnings: readonly string[];
}

export interface Policy {
  readonly stores: { readonly config: string; readonly secrets: string };
  readonly logEndpoint: string;
  /** Lower case. Empty: any host. */
  readonly hosts: ReadonlySet<string>;
  readonly origins: readonly Origin[];
  readonly cms: {
    readonly cookies: NamePatterns;
    readonly paths: readonly string[];
    readonly bearer: boolean;
    /** The cookies that have to validate, by name or pattern. */
    readonly sessions: ReadonlyMap<string, SessionRule>;
  };
  readonly providers: readonly Provider[];
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly routes: readonly Route[];
  readonly revocation: RevocationRule | null;
  readonly badTokenLimit: RateRule | null;
  /** How often an identity may purge its own entries; null: never. */
  readonly selfPurge: RateRule | null;
  readonly cors: CorsRule | null;
  readonly https: { readonly mode: HttpsMode; readonly hstsSeconds: number | null };
  readonly requestFields: RequestFields;
  /** In which of them an origin gets the client's address, lower case. */
  readonly clientAddressHeaders: readonly string[];
  /** Applies where no route matches: the public lane with the origin's own freshness. */
  readonly fallback: Route;
  readonly ignoreQuery: NamePatterns;
  readonly limits: {
    readonly urlBytes: number;
    readonly headerBytes: number;
    readonly cookieBytes: number;
    readonly cookiePairs: number;
    readonly tokenBytes: number;
    readonly bufferBytes: number;
    readonly collapseTimeoutMs: number;
    readonly firstByteTimeoutMs: number;
    readonly betweenBytesTimeoutMs: number;
    readonly bodyTimeoutMs: number;
    readonly retries: number;
    readonly sandboxRequests: number;
    readonly sandboxIdleMs: number;
  };
  /** base64url SHA-256 of the policy as written: which policy is deployed. */
  readonly digest: string;
}

export type ClaimValue = string | number | boolean;
