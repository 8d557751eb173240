import * as v from 'valibot';
import type { NamePatterns } from '../http/name-pattern.ts';
import { type Cms, type CmsInput, cms } from './cms/cms.ts';
import { type CorsInput, type CorsRule, cors } from './cors-rule.ts';
import { type FallbackPageInput, fallbackPage } from './fallback-page-rule.ts';
import { type FallbackInput, type FallbackRule, fallback, ignoreCookies } from './fallback-rule.ts';
import { hosts } from './hosts.ts';
import { type HttpsMode, type HttpsRule, https } from './https-rule.ts';
import { type Limits, type LimitsInput, limits } from './limits.ts';
import { type Origin, type OriginsInput, origins } from './origins.ts';
import { type Provider, type ProvidersInput, providers } from './providers/provider.ts';
import { type PurgeHook, type PurgeHooksInput, purgeHooks } from './purge-hooks/purge-hook.ts';
import {
  type BadTokenLimitInput,
  type HookLimitInput,
  hookLimit,
  type PassLimitInput,
  type RateRule,
  rateLimit,
  type SelfPurgeInput,
  selfPurge,
} from './rate-limits.ts';
import { type ClientAddressInput, clientAddress } from './request-fields/client-address.ts';
import { type ForwardHeaderInput, forwardHeaders } from './request-fields/forward-headers.ts';
import type { RequestFields } from './request-fields/let-in.ts';
import { type RequestHeadersInput, requestHeaders } from './request-fields/request-headers.ts';
import { type RevocationInput, type RevocationRule, revocation } from './revocation-rule.ts';
import { varyFields } from './routes/known-vary.ts';
import { type Route, type RoutesInput, routes } from './routes/route.ts';
import { type Scope, type ScopesInput, scopes } from './scopes/scope.ts';
import { object, seconds, text, texts } from './settings.ts';
import { type Stores, type StoresInput, stores } from './stores.ts';

/** The shape of `src/policy.ts`: what a user writes. Everything optional here is filled in by `compilePolicy`. */
export interface PolicyInput {
  /** Names of the stores in fastly.toml. Defaults: `claimcache_config`, `claimcache_secrets`. */
  readonly stores?: StoresInput;
  /** Name of the log endpoint. Default `claimcache`. `stdout`: for `fastly log-tail` instead of a log endpoint. */
  readonly logEndpoint?: string;
  /** Host names served, exactly. Default: any. Another `Host` gets 421. */
  readonly hosts?: readonly string[];
  readonly origins: OriginsInput;
  readonly cms?: CmsInput;
  readonly providers?: ProvidersInput;
  readonly scopes?: ScopesInput;
  readonly revocation?: RevocationInput;
  readonly badTokenLimit?: BadTokenLimitInput;
  /** `POST /.edge/purge/me`: how often a signed-in user may purge their own entries. `false`: not at all. docs/concepts/purging.md */
  readonly selfPurge?: false | SelfPurgeInput;
  /** `POST /.edge/purge/hook/<name>`: senders of webhooks that purge by a signature, such as a CMS. docs/how-to/purge-hooks.md */
  readonly purgeHooks?: PurgeHooksInput;
  /** How often one client may send to `purgeHooks`. */
  readonly hookLimit?: HookLimitInput;
  readonly routes: RoutesInput;
  /**
   * What becomes of a GET or HEAD whose path no route names: `public` (default), `auto` (public only where every cookie is known to mean
   * nothing), or `pass`.
   */
  readonly fallback?: FallbackInput;
  /**
   * For `fallback: 'auto'`: cookies that mean nothing to the origin, by name or pattern. Cookies of analytics and consent are known
   * (`src/policy/fallback-rule.ts`).
   */
  readonly ignoreCookies?: readonly string[];
  /** Query parameters that never count and never reach the origin on a cacheable lane: `utm_source`, `utm_*`, `*clid`. */
  readonly ignoreQuery?: readonly string[];
  /**
   * Request headers that never count where an origin names them in `Vary`: `['user-agent']`. `claimcache check` warns of each. See the
   * route's `ignoreVary`.
   */
  readonly ignoreVary?: readonly string[];
  readonly cors?: CorsInput;
  readonly clientAddress?: ClientAddressInput;
  readonly requestHeaders?: RequestHeadersInput;
  /**
   * Fields that reach an origin on every lane and are part of no key: `traceparent` and `tracestate` of a client where they match their
   * grammar (W3C Trace Context; not over 512 bytes, without `traceparent`, or with `<`, `>`, `&` or quotes), `x-request-id` made by the edge, the one of the log. A response that holds one of the values in a
   * header is not stored. No page may depend on them: what is in a body is not looked at. docs/how-to/origins.md#traces
   */
  readonly forwardHeaders?: readonly ForwardHeaderInput[];
  readonly passLimit?: PassLimitInput;
  /** What a browser gets instead of an origin's failure. Not on routes with a scope, unless they name one. docs/how-to/origins.md */
  readonly fallbackPage?: FallbackPageInput;
  /**
   * Requests without TLS: `redirect` (308 for GET and HEAD, 403 for others), `require` (403), `off` (default). `/.edge/health` is answered
   * in any case.
   * The switch `https` of the Config Store overrules it.
   */
  readonly https?: HttpsMode;
  /** `Strict-Transport-Security` on responses over TLS, subdomains included. Default: none. */
  readonly hstsSeconds?: number;
  readonly limits?: LimitsInput;
}

/** The compiled policy: plain data, complete, that the service is built with. */
export interface Policy {
  readonly stores: Stores;
  readonly logEndpoint: string;
  /** Lower case. Empty: any host. */
  readonly hosts: ReadonlySet<string>;
  readonly origins: readonly Origin[];
  readonly cms: Cms;
  readonly providers: readonly Provider[];
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly routes: readonly Route[];
  readonly revocation: RevocationRule | null;
  readonly badTokenLimit: RateRule | null;
  /** How often an identity may purge its own entries; null: never. */
  readonly selfPurge: RateRule | null;
  /** Empty: none. */
  readonly purgeHooks: ReadonlyMap<string, PurgeHook>;
  readonly hookLimit: RateRule;
  readonly cors: CorsRule | null;
  readonly https: HttpsRule;
  readonly requestFields: RequestFields;
  /** Fields that reach an origin without being part of a key; lower case. */
  readonly forwardHeaders: readonly string[];
  /** In which of them an origin gets the client's address, lower case. */
  readonly clientAddressHeaders: readonly string[];
  /** Applies where no route matches: the public lane with the origin's own freshness. */
  readonly fallback: Route;
  /** What becomes of a request there; null: it is public. */
  readonly fallbackRule: FallbackRule | null;
  /** Parameters that are tokens: taken out of the query before anything reads it. */
  readonly queryTokens: readonly string[];
  readonly ignoreQuery: NamePatterns;
  readonly limits: Limits;
  /** base64url SHA-256 of the policy as written: which policy is deployed. */
  readonly digest: string;
}

/**
 * The shape of a policy, checked at build time. What TypeScript's types promise is checked again here, because a policy may be written
 * in JavaScript, cast, or generated.
 */
export const policy = object({
  stores: v.optional(stores),
  logEndpoint: v.optional(text),
  hosts: v.optional(hosts),
  origins,
  cms: v.optional(cms),
  providers: v.optional(providers),
  scopes: v.optional(scopes),
  revocation: v.optional(revocation),
  badTokenLimit: v.optional(rateLimit),
  selfPurge: v.optional(selfPurge),
  purgeHooks: v.optional(purgeHooks),
  hookLimit: v.optional(hookLimit),
  routes,
  fallback: v.optional(fallback),
  ignoreCookies: v.optional(ignoreCookies),
  ignoreQuery: v.optional(texts),
  ignoreVary: varyFields,
  cors: v.optional(cors),
  clientAddress: v.optional(clientAddress),
  requestHeaders: v.optional(requestHeaders),
  forwardHeaders: v.optional(forwardHeaders),
  passLimit: v.optional(rateLimit),
  fallbackPage: v.optional(fallbackPage),
  https: v.optional(https),
  hstsSeconds: v.optional(seconds),
  limits: v.optional(limits),
});
