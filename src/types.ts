/** The plain data that the rooms hand to each other. A type that one room alone needs lives in that room. */
import type { ErrorCode } from './errors.ts';
import type { FallbackInput } from './policy/input.ts';
import type { Algorithm, JsonWebKeyInput } from './policy/input-identity.ts';

export type Lane = 'pass' | 'public' | 'scoped' | 'reject';

// ---------------------------------------------------------------------------------------- compiled policy

/** A claim path, split: `tenant.id` is `['tenant', 'id']`. */
export type ClaimPath = readonly string[];

export type CredentialPlace =
  | { readonly kind: 'header'; readonly name: string; readonly scheme: string | null }
  | { readonly kind: 'cookie'; readonly name: string };

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
  readonly credentials: readonly CredentialPlace[];
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
}

export type QueryRule =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'only'; readonly names: ReadonlySet<string> };

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
  | { readonly kind: 'token'; readonly scope: Scope }
  | {
      readonly kind: 'hmac';
      readonly store: string;
      readonly item: string;
      readonly format: 'plain' | 'express';
      /** The signed text ends with `.<unix seconds>`. */
      readonly expires: boolean;
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

export interface Policy {
  readonly stores: { readonly config: string; readonly secrets: string };
  readonly logEndpoint: string;
  /** Lower case. Empty: any host. */
  readonly hosts: ReadonlySet<string>;
  readonly origins: readonly Origin[];
  readonly cms: {
    readonly cookies: ReadonlySet<string>;
    readonly paths: readonly string[];
    readonly bearer: boolean;
    /** The cookies that have to validate, by name. */
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
  /** Headers that only the edge may set towards an origin, lower case: inbound ones are removed. */
  readonly ownHeaders: ReadonlySet<string>;
  /** In which of them an origin gets the client's address, lower case. */
  readonly clientAddressHeaders: readonly string[];
  /** Applies where no route matches: the public lane with the origin's own freshness. */
  readonly fallback: Route;
  readonly ignoreQuery: { readonly names: ReadonlySet<string>; readonly prefixes: readonly string[] };
  readonly limits: {
    readonly urlBytes: number;
    readonly headerBytes: number;
    readonly cookieBytes: number;
    readonly tokenBytes: number;
    readonly bufferBytes: number;
    readonly collapseTimeoutMs: number;
    readonly firstByteTimeoutMs: number;
    readonly betweenBytesTimeoutMs: number;
    readonly retries: number;
  };
  /** base64url SHA-256 of the policy as written: which policy is deployed. */
  readonly digest: string;
}

// ------------------------------------------------------------------------------------------------ identity

export type ClaimValue = string | number | boolean;

/** Verified claims of one token. Nothing that has not passed verification is ever of this type. */
export interface Identity {
  readonly provider: string;
  readonly algorithm: Algorithm;
  readonly keyId: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
  /** `exp`, seconds since the epoch. */
  readonly expiresAtSeconds: number;
  /** Where the credential stood, so that it can be removed or forwarded, and named in Vary. */
  readonly place: CredentialPlace;
}

/** The outcome of looking at a request's credential, for one scope. */
export type IdentityResult =
  | { readonly kind: 'verified'; readonly identity: Identity }
  /** The scope asks for no token, only for headers, cookies or traits, and they are there. Nothing is verified. */
  | { readonly kind: 'unverified' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly code: ErrorCode }
  /**
   * No verdict: keys or a store could not be had, or the client has sent too many bad tokens. Never falls back to
   * another lane.
   */
  | { readonly kind: 'unavailable'; readonly code: ErrorCode };

/** What a scope may know of a visitor beside the token. */
export interface Visitor {
  readonly headers: ReadonlyFields;
  /** ISO 3166-1 alpha-2, or null where unknown. */
  country(): string | null;
  device(): 'desktop' | 'mobile' | 'tablet' | null;
}

/** A scope filled with one identity's values: what partitions the cache. */
export interface Partition {
  readonly scope: string;
  /** '' where nothing was verified. */
  readonly provider: string;
  readonly values: readonly ClaimValue[];
  readonly shared: boolean;
  /** Surrogate keys of the scope and of its parts. */
  readonly surrogateKeys: readonly string[];
}

// ------------------------------------------------------------------------------------------------- graphql

/** What a request to a GraphQL endpoint asks for, as far as the edge can tell. */
export type GraphqlOperation =
  | GraphqlQuery
  | { readonly kind: 'mutation' | 'subscription' }
  /** Several operations in one document, or an answer in parts (`@defer`, `@stream`, `@live`); no mutation among them. */
  | { readonly kind: 'unsupported' }
  /** A hash or an identifier, POSTed, whose text is not known. */
  | { readonly kind: 'unlearned' }
  /** Several requests in one body. */
  | { readonly kind: 'batch' }
  /** Anything else: not JSON, too long, too deep, ambiguous, no GraphQL. */
  | { readonly kind: 'unreadable' };

/** A single query operation: the one thing that is cached. */
export interface GraphqlQuery {
  readonly kind: 'query';
  /** Hex SHA-256 of everything in it that can change the answer: what the cache key holds. */
  readonly digest: string;
  /** What is asked of the origin, made new from what `digest` covers: the body of a POST, or the parameters of a GET. */
  readonly body: string | null;
  readonly parameters: string;
  /** What else stands in the query of the URL, as it came. */
  readonly rest: string;
  /** `Accept` towards the origin. */
  readonly accept: string;
  /** Root fields by name, whatever their alias; null where only a hash or an identifier is known. */
  readonly fields: readonly string[] | null;
}

// ------------------------------------------------------------------------------------------------ decision

/** Why a lane was chosen; a stable word for logs, `explain` and the documentation. */
export type Reason =
  | 'anonymous'
  | 'scope-verified'
  | 'scope-write'
  | 'scope-sensitive'
  | 'scope-editor'
  | 'scope-fallback-pass'
  | 'scope-fallback-public'
  | 'cms-cookie'
  | 'cms-path'
  | 'authorization-unclaimed'
  | 'unsafe-method'
  | 'route-pass'
  | 'preflight'
  | 'ambiguous-target'
  | 'protected-lookalike'
  | 'body-on-get'
  | `graphql-${Exclude<GraphqlOperation['kind'], 'query'>}`
  | 'graphql-ask'
  | 'switch-pass'
  | 'switch-observe'
  | 'no-engine'
  | 'error';

/** Header fields, to be read: names in lower case. `Headers` is one. */
export interface ReadonlyFields extends Iterable<[string, string]> {
  /** Several values joined by `, `; null where the field is not there. */
  get(name: string): string | null;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

export interface Fields extends ReadonlyFields {
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  delete(name: string): void;
}

/** The request as the deciding rooms see it: sanitised, split, plain. */
export interface RequestFacts {
  /** Upper case. */
  readonly method: string;
  /** Lower case, with the port where one was sent: the origin may build links from it. */
  readonly host: string;
  /** Raw, still percent-encoded, begins with `/`. */
  readonly path: string;
  /** Raw, without `?`; '' where there is none. */
  readonly query: string;
  readonly headers: ReadonlyFields;
  /** Cookie names present, exact. */
  readonly cookieNames: ReadonlySet<string>;
  readonly hasBody: boolean;
  /** A path that a normaliser and the origin could read differently. */
  readonly ambiguousTarget: boolean;
  /** On a GraphQL endpoint; null elsewhere, and for methods other than GET and POST. */
  readonly operation: GraphqlOperation | null;
  /** What came as the operator's debug token. It is in no header of these. */
  readonly debugToken?: string;
}

/** `observe`: decide, log, and serve as if there were no cache. */
export type LaneSwitch = 'on' | 'pass' | 'observe';

/** Runtime switches, read from the Config Store per request. */
export interface Switches {
  /** `cache = pass`: everything passes. */
  readonly allPass: boolean;
  /** `route.<name> = pass | observe`. */
  readonly route: (name: string) => LaneSwitch;
  /** `lane.scoped = pass | observe`, `lane.public` likewise. */
  readonly lane: (name: 'public' | 'scoped') => LaneSwitch;
  /** `key_version`: a new value empties everything at once. */
  readonly keyVersion: string;
  readonly engine: 'auto' | 'native' | 'core';
  /** `https = redirect | require | off`; null: as the policy says. */
  readonly https: HttpsMode | null;
}

export interface RejectDecision {
  readonly lane: 'reject';
  readonly reason: Reason;
  readonly route: Route;
  readonly code: ErrorCode;
}

export interface PassDecision {
  readonly lane: 'pass';
  readonly reason: Reason;
  readonly route: Route;
  /** Somebody's authority may be behind the request: `X-Auth-Route: true` goes out. */
  readonly authenticated: boolean;
  /** `private, no-store, max-age=0` goes out, whatever the origin says. */
  readonly noStore: boolean;
  /** Whose request it is, where that was verified: the origin is told. */
  readonly partition: Partition | null;
  /** Purged after the origin answered, unless it answered 4xx. */
  readonly purgeAfterWrite: readonly string[];
  /** What would have been done, but for `observe`. */
  readonly observed: CacheDecision | RejectDecision | null;
}

export interface CacheDecision {
  readonly lane: 'public' | 'scoped';
  readonly reason: Reason;
  readonly route: Route;
  readonly cacheKey: string;
  readonly surrogateKeys: readonly string[];
  /** null on the public lane. */
  readonly partition: Partition | null;
  /** Path and query as they go to the origin: only what is part of the key. */
  readonly target: string;
  /** null: an ordinary GET. */
  readonly operation: GraphqlQuery | null;
}

export type Decision = RejectDecision | PassDecision | CacheDecision;

/** A request to explain: nothing of it is sent to anybody. */
export interface ExplainQuestion {
  readonly method: string;
  /** Absolute, and as raw as a client would send it. */
  readonly url: string;
  readonly headers: Headers;
  readonly clientAddress: string | null;
  /** Of a POST to a GraphQL endpoint. */
  readonly body: string | null;
  /** What the origin answers, or null where that is not asked. */
  readonly response: { readonly status: number; readonly headers: Headers } | null;
  /** Claim values, and what is made of them, are shown. */
  readonly showValues: boolean;
}

// ----------------------------------------------------------------------------------------------- freshness

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
  readonly headers: ReadonlyFields;
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
  | 'graphql-errors'
  | 'graphql-unseen'
  | 'purged-meanwhile';

/** What an origin did that the edge had to handle for it. */
export type OriginNote =
  | 'set-cookie'
  | 'malformed-cache-control'
  | 'contradictory-cache-control'
  | 'public-on-personal'
  | 'private-on-public'
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
  readonly notes: readonly OriginNote[];
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

// ---------------------------------------------------------------------------------------------- readthrough

export type CacheState = 'HIT' | 'MISS' | 'STALE' | 'BYPASS' | 'ERROR';

/** One request through the edge cache. */
export interface CacheTask {
  readonly cacheKey: string;
  /** Compared with the stored one on every hit. */
  readonly fingerprint: string;
  readonly surrogateKeys: readonly string[];
  /** Every key that the response may turn out to carry: a purge of one while it is on its way keeps it out. */
  readonly sentinelKeys: readonly string[];
  /**
   * The request for the origin, with allow-listed headers only: a GET, or the POST of a GraphQL query. A function, because a HIT
   * does not need it.
   */
  readonly request: () => OriginRequest;
  /** What selects a variant, in the request and in the look-up. */
  readonly encoding: Encoding;
  /** Applies the freshness room to an origin response, and takes from its headers what must not be stored. */
  readonly decide: (status: number, headers: Fields, requestedAtMs: number) => FreshnessDecision;
  /** Looks into the body before it is stored; null: headers are enough. */
  readonly inspection: BodyInspection | null;
  readonly bufferBytes: number;
  readonly betweenBytesTimeoutMs: number;
  readonly collapseTimeoutMs: number;
  /** Keeps the sandbox alive for work that outlives the response. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** A refresh after a stale answer has failed: nobody is there to hear of it but the log. */
  readonly onRefreshFailure: (error: unknown) => void;
}

/** A response whose body decides too. Only an engine that has the whole body in hand may store it. */
export interface BodyInspection {
  readonly limitBytes: number;
  /** The final decision. `bytes` null: the body is longer than the limit. */
  judge(
    status: number,
    headers: Fields,
    requestedAtMs: number,
    bytes: Uint8Array | null,
  ): Promise<FreshnessDecision>;
}

export interface CacheResult {
  readonly state: CacheState;
  readonly status: number;
  readonly headers: Fields;
  /** null: the response has no body. */
  readonly body: BodySource | null;
  readonly ageSeconds: number;
  /** Freshness left, in seconds; 0 where stale or not stored. */
  readonly ttlSeconds: number;
  readonly stored: boolean;
  /** The freshness reason, or `leak-guard`, `collapse-timeout`, `revalidated`. */
  readonly detail: string;
  readonly originMs: number | null;
}

/** A response body that has not been read yet. One of its functions is called, once. */
export interface BodySource {
  /** null: not known before the end. */
  readonly lengthBytes: number | null;
  /** The whole: in memory where it is small. */
  open(): Promise<Uint8Array | ReadableStream<Uint8Array>>;
  /** Bytes from `start` up to, without, `end`; null where only the whole can be had. */
  readonly slice: ((start: number, end: number) => Promise<Uint8Array | ReadableStream<Uint8Array>>) | null;
  discard(): void;
}

/** `inspected`: the body has to be seen before it is stored, or the request is a POST. */
export type CacheWork = 'plain' | 'inspected';

/** The one interface of both engines. */
export interface Readthrough {
  readonly engine: 'native' | 'core';
  fetch(task: CacheTask): Promise<CacheResult>;
}

export interface OriginRequest {
  readonly backend: string;
  readonly method: string;
  /** Absolute URL: what the origin sees. */
  readonly url: string;
  readonly headers: Fields;
  /** Bytes can be sent more than once. */
  readonly body: ReadableStream<Uint8Array> | Uint8Array | null;
  /** How long the origin may take to its response headers, where that is not the same for all. */
  readonly firstByteTimeoutMs?: number;
  /** To be asked through a shield. */
  readonly relay?: Relay;
}

/** What a second pass has to know of a request beside the request itself. Claim values are in it: it never leaves the service unsealed. */
export interface Relay {
  readonly shield: Shield;
  /** Names in the policy. */
  readonly origin: string;
  readonly route: string;
  readonly requestId: string;
  readonly plan: RelayedCache | RelayedPass;
  /** What became of it, a word for the log: the state of the shield's cache, `unreachable`, `refused`, `no-key`. */
  readonly heard: (word: string) => void;
}

export interface RelayedCache extends Omit<CacheDecision, 'route'> {
  readonly tokenExpiresAtSeconds: number | null;
}

export interface RelayedPass extends Pick<PassDecision, 'lane' | 'reason'> {
  readonly purgeAfterWrite: readonly string[];
}

// ------------------------------------------------------------------------------------------------- platform

/** What the service needs of the world. `platform/` implements it on `fastly:*`; tests on Node. */
export interface Platform {
  nowMs(): number;
  /** Straight to the origin, around every cache. Rejects when the origin cannot be reached or times out. */
  fetchOrigin(request: OriginRequest): Promise<Response>;
  /** The one place where an answer becomes a `Response`. */
  respond(
    status: number,
    headers: ReadonlyFields,
    body: Uint8Array | ReadableStream<Uint8Array> | null,
  ): Response;
  readonly coreCache: CoreCachePort | null;
  readonly httpCache: HttpCachePort | null;
  /** false: the HTTP cache is known not to be there. */
  hasHttpCache(): boolean;
  /** null where the store or the item is missing. Rejects when a store is down. */
  secret(store: string, item: string): Promise<string | null>;
  /** Opens a Config Store for one request; null for an item that is missing, or where the store is. */
  config(store: string): (item: string) => string | null;
  /** An item of a KV Store, or null. Rejects when the store is down or not linked. */
  readKv(store: string, key: string): Promise<string | null>;
  writeKv(store: string, key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Counts what clients do, under a rule's names. Never throws: where there is no limiter, nothing is limited. */
  limiter(rule: RateRule): ClientLimiter;
  /** ISO 3166-1 alpha-2 of an address, or null. */
  country(address: string): string | null;
  device(userAgent: string): 'desktop' | 'mobile' | 'tablet' | null;
  /** The backend that leads to a shield location; null on that location itself, or where there is none of that name. */
  shieldSite(site: string): string | null;
  /** What the platform's own health check says of a backend; asks nobody. */
  backendHealth(name: string): BackendHealth;
  purge(surrogateKey: string, soft: boolean): void;
  log(endpoint: string, line: string): void;
}

/** `unknown`: no health check is configured. `missing`: no such backend is. */
export type BackendHealth = 'healthy' | 'unhealthy' | 'unknown' | 'missing';

export interface ClientLimiter {
  /** This client is in the penalty box. */
  isBlocked(client: string): boolean;
  /** One more; true: that was one too many. */
  count(client: string): boolean;
}

/** What belongs to one request. */
export interface RequestContext {
  readonly request: Request;
  readonly requestId: string;
  readonly clientAddress: string | null;
  /** Keeps the sandbox alive until `work` has settled. */
  waitUntil(work: Promise<unknown>): void;
  /** vCPU milliseconds used so far, or null where the platform does not tell. */
  vcpuMs(): number | null;
}

/** The part of CoreCache that the core engine uses. Durations in milliseconds, as on the platform. `encoding` selects a variant. */
export interface CoreCachePort {
  /** Collapses concurrent lookups of a key. null: `timeoutMs` passed while another was filling it. */
  transaction(key: string, encoding: Encoding, timeoutMs: number): Promise<CoreTransaction | null>;
  /** Non-transactional lookup. */
  lookup(key: string): CoreEntry | null;
  /** Non-transactional write; replaces whatever is there. */
  insert(key: string, encoding: Encoding | null, options: CoreInsert): CoreWriter;
}

export interface CoreEntry {
  readonly found: boolean;
  readonly usable: boolean;
  readonly stale: boolean;
  metadata(): string;
  /** Both ends of a range are inclusive. */
  body(range?: { readonly start: number; readonly end: number }): ReadableStream<Uint8Array>;
  /** null: still being written, without an announced length. */
  readonly lengthBytes: number | null;
  readonly ageMs: number;
  readonly maxAgeMs: number;
  close(): void;
}

export interface CoreTransaction extends CoreEntry {
  /** This caller has to insert, update or cancel. */
  readonly mustInsertOrUpdate: boolean;
  insert(options: CoreInsert): CoreWriter;
  /** Stores and reads back what is being stored, at the same time. */
  insertAndStreamBack(options: CoreInsert): { writer: CoreWriter; entry: CoreEntry };
  update(options: CoreInsert): void;
  cancel(): void;
}

export interface CoreInsert {
  readonly maxAgeMs: number;
  readonly initialAgeMs: number;
  readonly staleWhileRevalidateMs: number;
  readonly surrogateKeys: readonly string[];
  readonly vary: readonly string[];
  readonly metadata: string;
  /** Body length in bytes where known: a body that ends short of it is not a complete object. */
  readonly lengthBytes: number | null;
}

export interface CoreWriter {
  write(chunk: Uint8Array): void;
  /** The object is whole. */
  close(): void;
  /** The object is not whole, and must not be kept. */
  abandon(): void;
}

/** What reaches an origin in the place of a client's `Accept-Encoding`: three variants at most. */
export type Encoding = 'br' | 'gzip' | 'identity';

/** Fastly's readthrough cache behind `fetch`. */
export interface HttpCachePort {
  fetch(request: OriginRequest, cacheKey: string, hooks: HttpCacheHooks): Promise<HttpCacheResponse>;
}

export interface HttpCacheHooks {
  /** Runs before a fetch that reaches the origin. What it returns is set on the request. */
  beforeSend(): undefined | Promise<readonly (readonly [string, string])[]>;
  /** Runs on what the origin answered, before it is stored. Header edits are stored. */
  afterSend(response: HttpCacheCandidate): Promise<boolean | 'uncacheable'> | boolean | 'uncacheable';
}

export interface HttpCacheCandidate {
  readonly status: number;
  readonly headers: Fields;
  set ttlSeconds(seconds: number);
  set staleWhileRevalidateSeconds(seconds: number);
  set surrogateKeys(keys: readonly string[]);
  set vary(fields: readonly string[]);
}

export interface HttpCacheResponse {
  readonly status: number;
  readonly headers: Fields;
  readonly body: ReadableStream<Uint8Array> | null;
  readonly cached: boolean;
  readonly stale: boolean;
  readonly ageSeconds: number;
  readonly ttlSeconds: number;
}
