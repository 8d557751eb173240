/**
 * The shape of `src/policy.ts`: what a user writes. Everything optional here is filled in by
 * `compile.ts`; nothing behind the policy room ever sees these types.
 */

import type { GraphqlInput } from '../graphql-rule.ts';
import type {
  ClientAddressInput,
  CmsInput,
  FallbackPageInput,
  OriginInput,
  PassLimitInput,
} from '../origins.ts';
import type {
  BadTokenLimitInput,
  ProviderInput,
  RevocationInput,
  ScopeInput,
  SelfPurgeInput,
} from '../providers/provider.ts';

/**
 * The edge's time to live of one route, in seconds.
 * - `default`: used when a 200, 203, 204, 300, 301 or 308 comes without any freshness of its own.
 *   On an error status (4xx, 5xx) it is not used: see `negativeTtlSeconds`.
 * - `min`: raises a shorter positive freshness of a 200, 203, 204, 301 or 308. It never beats `no-store`, `no-cache`,
 *   `max-age=0`, or `private` outside a personal scope.
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
  /**
   * A path pattern: `/api/orders`, `/api/orders/:id`, `/assets/**`. Compared in the normal form of paths (RFC 3986 section 6.2.2); `\`
   * makes `: ( ) * { }` literal. A scoped one holds for every spelling that an origin may take for it, and for what is below.
   */
  readonly path: string;
  /** Cache per scope: the name of an entry of `scopes`. Excludes `lane`. */
  readonly scope?: string;
  /** The lane of a route without a scope. Default `public`; `pass`: never stored. */
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
  /**
   * Scoped routes that are not shared: cookies that no answer of the cacheable lane sets, for frameworks that set one on every
   * answer. Exact names, or with one `*`: `['XSRF-TOKEN', 'laravel_*']`. An answer that sets another cookie too is not stored. Default: none.
   */
  readonly stripSetCookies?: readonly string[];
  /** No credential. Default `reject`. */
  readonly onMissing?: FallbackInput;
  /** A credential that does not verify. Default `reject`. */
  readonly onInvalid?: FallbackInput;
  /** Request headers that reach the origin on this route and are part of the cache key, such as `accept-language`. */
  readonly vary?: readonly string[];
  /**
   * Request headers that an origin names in `Vary` and that do not count here, beside those of the policy's own `ignoreVary`. Whoever
   * sends another one that is no part of `vary` gets past the cache. `['user-agent']`
   */
  readonly ignoreVary?: readonly string[];
  /**
   * Fastly compresses text on its way out that the origin has not encoded (`X-Compress-Hint`). Default: `true` on public routes, for
   * what is stored; `false` with a scope, where somebody who can place text in a page could learn the rest of it from its length.
   */
  readonly compress?: boolean;
  /**
   * Query parameters that count. `'all'` (default) minus `ignoreQuery` of the policy, `'none'`, or a list of names and patterns:
   * `filter*` means `filter[a]`.
   * A parameter that does not count does not reach the origin either.
   */
  readonly query?: 'all' | 'none' | readonly string[];
  /** An unsafe method that the origin did not refuse purges that identity's entries. Default `true`. */
  readonly purgeOnWrite?: boolean;
  /** Never let the edge's copy outlive the token that fetched it. Default `false`: each hit is verified anyway. */
  readonly capAtTokenExpiry?: boolean;
  /** Send the caller's `Authorization` (or credential cookie) on to the origin. Default `true`, `false` on shared scopes, where it must not be `true`. */
  readonly forwardCredential?: boolean;
  /**
   * Verified claims for the origin, as headers: field name to claim path. Inbound headers of these names are removed on every
   * route. On a shared scope only claims of the scope itself. `{ 'x-user-id': 'sub' }`
   */
  readonly forwardClaims?: Readonly<Record<string, string>>;
  /** Ask whether the identity was revoked. Needs `revocation` of the policy. Default `false`. */
  readonly revocation?: boolean;
  /** Count bad tokens of a client. Needs `badTokenLimit` of the policy. Default `false`. */
  readonly limitBadTokens?: boolean;
  /** `false`: the policy's `cors` does not apply, the origin answers for itself. Default `true`. */
  readonly cors?: boolean;
  /** `false`: the policy's `passLimit` does not apply here. */
  readonly passLimit?: boolean;
  /** Instead of the policy's; `false`: none. A route with a scope has none but its own. */
  readonly fallbackPage?: false | FallbackPageInput;
  /** A GraphQL endpoint: queries are cached, POSTed ones too. `true` for no more than that. Default `false`. */
  readonly graphql?: boolean | GraphqlInput;
}

/**
 * Which request fields of a client go further. What holds without it: fields that an origin could take for the word of a proxy
 * (`X-Forwarded-Host`, `X-Original-URL`, `X-HTTP-Method-Override`: docs/origins.md has the list) are dropped on every lane, and so are
 * names with anything but letters, digits and `-`.
 */
export interface RequestHeadersInput {
  /** Exact names that are let in all the same, such as `x-http-method-override` or `api_key`. `claimcache check` warns of each. */
  readonly allow?: readonly string[];
  /** Further ones that no origin gets from a client: exact names, or beginnings such as `x-internal-*`. */
  readonly drop?: readonly string[];
}

/** Which web applications of other origins may read answers. Applied at the edge, on every answer, errors too. */
export interface CorsInput {
  /** `['https://app.example.com', 'https://*.example.com']`, or `'*'`, which excludes `credentials`. */
  readonly origins: '*' | readonly string[];
  /** Beside GET, HEAD and POST: `['PUT', 'DELETE']`. */
  readonly methods?: readonly string[];
  /** Request headers that an application may set: `['authorization', 'content-type']`. */
  readonly headers?: readonly string[];
  /** Response headers that it may read beside the safelisted ones. */
  readonly exposeHeaders?: readonly string[];
  /** Cookies and `Authorization` may be sent along. Default `false`. */
  readonly credentials?: boolean;
  /** How long a browser keeps the answer to a preflight. Default 600. */
  readonly maxAgeSeconds?: number;
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
  /** Cookies of one request, in all its `Cookie` fields; more is a 431. Default 200. */
  readonly cookiePairs?: number;
  /** How long an origin may take to its response headers; then 504, or stale where allowed. Default 15000. */
  readonly firstByteTimeoutMs?: number;
  /**
   * The longest silence within an origin's body that is stored, or small enough to be sent whole; and within a client's, while
   * it is waited for: the beginning of one that no header announces, a GraphQL query. Default 10000.
   */
  readonly betweenBytesTimeoutMs?: number;
  /**
   * How long a client may take to send a body that is waited for, from the first wait to its end; more is a 408: a GraphQL query,
   * a body at `/.edge/`, one that an own handler reads with `request.text()` or the like. A body that is streamed to its origin is not
   * waited for. Default 20000.
   */
  readonly bodyTimeoutMs?: number;
  /** Further attempts of a GET or HEAD that did not reach its origin. Default 1, at most 3. */
  readonly retries?: number;
  /** How many requests a sandbox serves, one after the other. Default 1000; 1: each has one of its own, and nothing is remembered. */
  readonly sandboxRequests?: number;
  /** How long a sandbox waits for its next request, in ms. Its memory may be billed meanwhile. Default 1000. */
  readonly sandboxIdleMs?: number;
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
  readonly revocation?: RevocationInput;
  readonly badTokenLimit?: BadTokenLimitInput;
  /** `POST /.edge/purge/me`: whoever is signed in purges their own entries, so often. `false`: not at all. */
  readonly selfPurge?: false | SelfPurgeInput;
  readonly routes: Readonly<Record<string, RouteInput>>;
  /** Query parameters that never count and never reach the origin on a cacheable lane: `utm_source`, `utm_*`. */
  readonly ignoreQuery?: readonly string[];
  /** Request headers that never count where an origin names them in `Vary`: `['user-agent']`. See the route's `ignoreVary`. */
  readonly ignoreVary?: readonly string[];
  readonly cors?: CorsInput;
  readonly clientAddress?: ClientAddressInput;
  readonly requestHeaders?: RequestHeadersInput;
  readonly passLimit?: PassLimitInput;
  /** What a browser gets instead of an origin's failure. Not on routes with a scope, unless they name one. */
  readonly fallbackPage?: FallbackPageInput;
  /**
   * Requests without TLS: `redirect` (308 for GET and HEAD, 403 for others), `require` (403), `off` (default: local).
   * The switch `https` of the Config Store overrules it.
   */
  readonly https?: 'redirect' | 'require' | 'off';
  /** `Strict-Transport-Security` on answers over TLS, subdomains included. Default: none. */
  readonly hstsSeconds?: number;
  readonly limits?: LimitsInput;
}
