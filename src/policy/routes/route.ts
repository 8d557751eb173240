import * as v from 'valibot';
import { normalPattern } from '../../paths/normal-pattern.ts';
import {
  compileFallbackPage,
  type FallbackPage,
  type FallbackPageInput,
  fallbackPage,
} from '../fallback-page-rule.ts';
import { compileGraphql, type GraphqlInput, type GraphqlRule, graphql } from '../graphql-rule.ts';
import type { Origin } from '../origins.ts';
import type { RateRule } from '../rate-limits.ts';
import type { RevocationRule } from '../revocation-rule.ts';
import type { Scope } from '../scopes/scope.ts';
import { choice, flag, object, oneOf, path, record, text } from '../settings.ts';
import { type BodyInput, type BodyRule, bodies, compileBody } from './body-rule.ts';
import { compileRouteHosts, routeHosts } from './hosts-rule.ts';
import { compileKnownVary, compileVary, type VaryInput, vary } from './known-vary.ts';
import { compileLifetimes, type Lifetimes, type LifetimesInput, lifetimes } from './lifetimes.ts';
import { compileOtherSchemes, type OtherSchemesInput, otherSchemes } from './other-schemes.ts';
import { compileQuery, type QueryInput, type QueryRule, query } from './query-rule.ts';
import {
  type CredentialFallbackInput,
  compileForwardedClaims,
  type ForwardedClaim,
  type RouteIdentityInput,
  routeIdentity,
} from './route-identity.ts';
import {
  compileStripCookies,
  type StripCookies,
  type StripCookiesInput,
  stripCookies,
} from './strip-cookies.ts';
import { compileVariants, type Variants, type VariantsInput, variantFields, variants } from './variants.ts';
import { compileWebsocket, type WebsocketInput, type WebsocketRule, websocket } from './websocket-rule.ts';

/** One rule: a path pattern and what happens there. */
export interface RouteInput
  extends LifetimesInput,
    StripCookiesInput,
    VaryInput,
    RouteIdentityInput,
    OtherSchemesInput,
    BodyInput {
  /**
   * A path pattern: `/api/orders`, `/api/orders/:id`, `/assets/**`. Compared in the normal form of paths (RFC 3986 section 6.2.2); `\`
   * makes `: ( ) * { }` literal. Not allowed: `{a,b}` (write two routes), `(…)` without a name, `{id}`, `?`, `//`, dot segments, `;`, encoded
   * slashes; with a scope also `*`, except in a final `/**`, invalid UTF-8, and `%25` before two digits. The error names the fix. A scoped one holds for every spelling that an origin may take for it, and for what is below.
   */
  readonly path: string;
  /**
   * Hosts on which the route holds: names, or `*.example.com` for all below it at any depth, but not `example.com`. Case and port do not
   * matter. Default: all. Of two routes of one path the one that names the host more exactly counts: a name, the longer pattern, a route
   * without `hosts`; equal ones fail the build. A path with a scope on one host is protected on all of them: docs/concepts/lanes.md#routes-by-host
   */
  readonly hosts?: readonly string[];
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
  /**
   * Fastly compresses text on its way out that the origin has not encoded (`X-Compress-Hint`). Default: `true` on public routes, for
   * what is stored, from 1 KiB; `false` with a scope, where an attacker who can place text in a page could learn the rest of it from its
   * length (BREACH). `ETag` becomes weak; `no-transform` disables it. The local server does not compress.
   */
  readonly compress?: boolean;
  /**
   * Query parameters that count. `'all'` (default) minus `ignoreQuery` of the policy, `'none'`, or a list of names and patterns:
   * `filter*` means `filter[a]`.
   * A parameter that does not count does not reach the origin either. `'verbatim'`: the query as it came, for signed URLs: order, encoding
   * and empty parts are kept byte for byte in the key and to the origin; `ignoreQuery` does not apply. Only a raw `'`, `"`, `<`
   * or `>` is encoded, and a final `?` removed. Refused with `graphql`, and where a provider reads tokens in the query.
   */
  readonly query?: QueryInput;
  /** `false`: the policy's `cors` does not apply, the origin's own headers go out. Default `true`. */
  readonly cors?: boolean;
  /** `false`: the policy's `passLimit` does not apply here. */
  readonly passLimit?: boolean;
  /** Instead of the policy's; `false`: none. A route with a scope has none but its own. */
  readonly fallbackPage?: false | FallbackPageInput;
  /** Public routes only: languages, countries, devices, cookies by which pages differ. */
  readonly variants?: VariantsInput;
  /** A GraphQL endpoint: queries are cached, POSTed ones too. `true` for no more than that. Default `false`. */
  readonly graphql?: boolean | GraphqlInput;
  /**
   * Routes that pass, or with a scope: a request for a WebSocket is handed to the origin as it came, once its credential is verified. Default
   * `false`: the origin gets it as a plain request, without `Upgrade`.
   */
  readonly websocket?: WebsocketInput;
}

/**
 * The rules by path. The most specific pattern wins: `/api/orders`, then `/api/orders/:id`, then `/api/**`. Paths without a route are what
 * `fallback` says, unless an origin may take them for those of a route with a scope: docs/concepts/lanes.md#paths
 */
export type RoutesInput = Readonly<Record<string, RouteInput>>;

/** What freshness needs to know of a route. */
export interface FreshnessRule extends Lifetimes, StripCookies {
  /** Request fields in a response's `Vary` that change nothing at the edge: part of the key, or never to count. Lower case. */
  readonly knownVary: readonly string[];
}

export interface Route {
  readonly name: string;
  readonly path: string;
  /** Lower case; empty: all. */
  readonly hosts: readonly string[];
  /** `sensitive`: verified, passed, never stored. */
  readonly kind: 'public' | 'pass' | 'scoped' | 'sensitive';
  readonly scope: Scope | null;
  /** null: chosen by the origins' path patterns. */
  readonly origin: Origin | null;
  readonly freshness: FreshnessRule;
  readonly browserTtlSeconds: number | null;
  /** Text that its origin has not encoded may be compressed on its way out. */
  readonly compress: boolean;
  readonly onMissing: CredentialFallbackInput;
  readonly onInvalid: CredentialFallbackInput;
  /** null: pages differ by `vary` and the query alone. */
  readonly variants: Variants | null;
  /** Lower case, sorted, unique. */
  readonly vary: readonly string[];
  readonly query: QueryRule;
  readonly purgeOnWrite: boolean;
  /** On the cacheable lane. */
  readonly forwardCredential: boolean;
  /** The policy says that the origin must never see the credential, on the pass lane neither. */
  readonly hideCredential: boolean;
  readonly forwardClaims: readonly ForwardedClaim[];
  readonly revocation: RevocationRule | null;
  readonly badTokenLimit: RateRule | null;
  /** The policy's CORS applies. */
  readonly cors: boolean;
  /** Schemes of `Authorization` that are somebody else's. Lower case. */
  readonly otherSchemes: readonly string[];
  /** Request fields by which answers of this route differ: those of credentials, scope parts and variants; lower case, unique. */
  readonly credentialFields: readonly string[];
  readonly passLimit: RateRule | null;
  readonly fallbackPage: FallbackPage | null;
  /** null: not a GraphQL endpoint. */
  readonly graphql: GraphqlRule | null;
  /** null: cached by GET alone. */
  readonly body: BodyRule | null;
  /** null: no sockets are opened here. */
  readonly websocket: WebsocketRule | null;
}

export const routes = record(
  object({
    path,
    hosts: v.optional(routeHosts),
    scope: v.optional(text),
    lane: v.optional(choice('public', 'pass')),
    cache: v.optional(flag),
    origin: v.optional(text),
    ...lifetimes,
    ...stripCookies,
    ...vary,
    ...routeIdentity,
    ...otherSchemes,
    compress: v.optional(flag),
    query: v.optional(query),
    cors: v.optional(flag),
    passLimit: v.optional(flag),
    fallbackPage: v.optional(
      oneOf(
        'Expected false, { html } or { path }.',
        [(input) => input === false, v.literal(false)],
        [() => true, fallbackPage],
      ),
    ),
    variants: v.optional(variants),
    graphql: v.optional(graphql),
    ...bodies,
    websocket: v.optional(websocket),
  }),
);

/** What the rest of the policy says to a route. */
export interface Surroundings {
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly origins: readonly Origin[];
  readonly revocation: RevocationRule | null;
  readonly badTokenLimit: RateRule | null;
  readonly passLimit: RateRule | null;
  readonly fallbackPage: FallbackPage | null;
  readonly ignoreVary: readonly string[];
  readonly answersCors: boolean;
}

export function compileRoute(name: string, input: RouteInput, surroundings: Surroundings): Route {
  const { scopes, origins } = surroundings;
  const scope = input.scope === undefined ? null : (scopes.get(input.scope) ?? null);
  const variants = compileVariants(input.variants);
  const fields = [...new Set([...credentialFields(scope), ...variantFields(variants)])];
  return {
    name,
    path: normalPattern(input.path),
    hosts: compileRouteHosts(input.hosts),
    kind: scope === null ? (input.lane ?? 'public') : input.cache === false ? 'sensitive' : 'scoped',
    scope,
    origin: origins.find((origin) => origin.name === input.origin) ?? null,
    freshness: {
      ...compileLifetimes(input),
      ...compileStripCookies(input),
      knownVary: compileKnownVary(input, fields, surroundings),
    },
    browserTtlSeconds: input.browserTtlSeconds ?? null,
    compress: input.compress ?? (scope === null && input.lane !== 'pass'),
    onMissing: input.onMissing ?? 'reject',
    onInvalid: input.onInvalid ?? 'reject',
    variants,
    vary: compileVary(input),
    query: compileQuery(input.query),
    purgeOnWrite: input.purgeOnWrite ?? true,
    forwardCredential: input.forwardCredential ?? !scope?.shared,
    hideCredential: input.forwardCredential === false,
    forwardClaims: compileForwardedClaims(input.forwardClaims, scope),
    revocation: input.revocation ? surroundings.revocation : null,
    badTokenLimit: input.limitBadTokens ? surroundings.badTokenLimit : null,
    cors: input.cors ?? true,
    otherSchemes: compileOtherSchemes(input),
    credentialFields: fields,
    passLimit: input.passLimit === false ? null : surroundings.passLimit,
    fallbackPage:
      input.fallbackPage === undefined
        ? // A caller of a scoped route is a program, or sees a page of their own: no page of ours unless it says so.
          scope === null
          ? surroundings.fallbackPage
          : null
        : compileFallbackPage(input.fallbackPage),
    graphql: compileGraphql(input.graphql, name),
    body: compileBody(input),
    websocket: compileWebsocket(input.websocket),
  };
}

function credentialFields(scope: Scope | null): string[] {
  const places = scope?.providers.flatMap(({ credentials }) => credentials) ?? [];
  const fields = places.flatMap((place) => {
    // The URL is the browser's own key.
    if (place.kind === 'query') return [];
    return place.kind === 'header' ? place.name : 'cookie';
  });
  for (const part of scope?.parts ?? []) {
    if (part.kind === 'header') fields.push(part.name);
    if (part.kind === 'cookie' || part.kind === 'cookiePattern') fields.push('cookie');
    if (part.kind === 'device') fields.push('user-agent');
  }
  return [...new Set(fields.map((field) => field.toLowerCase()))];
}
