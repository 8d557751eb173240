import type { CmsInput } from './cms/cms.ts';
import type { CmsCookieInput } from './cms/session-cookie.ts';
import type { OriginInput } from './origins.ts';
import type { PolicyInput } from './policy.ts';
import type { AnyProviderInput } from './providers/provider.ts';
import type { RevocationInput } from './revocation-rule.ts';
import type { TIMES } from './routes/lifetimes.ts';
import type { RouteInput } from './routes/route.ts';
import type { ScopeInput } from './scopes/scope.ts';

/**
 * A policy whose names are known to the compiler: what refers to a scope, a provider or an origin that this policy does not
 * have is a type error, and completion offers those that it has. `compilePolicy` checks the same again, for policies that no
 * compiler has seen.
 */

declare const REASON: unique symbol;

/** What no value is of: the compiler shows the reason where somebody writes one. `Setting`: what it would be elsewhere. */
type Refused<Reason extends string, Setting> = Setting & { readonly [REASON]: Reason };

/** The names that there are; a reason where there are none. */
type OneOf<Name extends string, Kind extends string> = [Name] extends [never]
  ? Refused<`The policy has no ${Kind}.`, string>
  : Name;

type Lifetimes = (typeof TIMES)[number];

type Stored = Pick<RouteInput, Lifetimes>;

type NeverStored = {
  readonly [Setting in Lifetimes]?: Refused<
    'Nothing of this route is ever stored: remove the time, or the rule that forbids storing.',
    NonNullable<RouteInput[Setting]>
  >;
};

interface OfScope<Scope extends string> {
  /** Cache per scope: the name of an entry of `scopes`. Excludes `lane`. */
  readonly scope: OneOf<Scope, 'scopes'>;
  readonly lane?: Refused<'A route has a scope or a lane, not both: remove one.', 'public' | 'pass'>;
}

interface OfLane {
  readonly scope?: never;
  readonly cache?: Refused<
    'cache: false is for routes with a scope. Without one write lane: "pass".',
    boolean
  >;
}

/** `cache` and `lane` decide what else a route may say: see `RouteInput`. */
type Kind<Scope extends string> =
  | (OfScope<Scope> & Stored & { readonly cache?: true })
  | (OfScope<Scope> & NeverStored & { readonly cache: false })
  | (OfLane & Stored & { readonly lane?: 'public' })
  | (OfLane & NeverStored & { readonly lane: 'pass' });

export type TypedRoute<Origin extends string, Scope extends string> = Omit<
  RouteInput,
  'scope' | 'lane' | 'cache' | 'origin' | Lifetimes
> & {
  /** Name of an entry of `origins`. Default: by the origins' own `paths`. */
  readonly origin?: Origin;
} & Kind<Scope>;

export type TypedScope<Provider extends string> = Omit<ScopeInput, 'providers'> & {
  /** Providers whose tokens are accepted. Default: the only provider. `[]`: no token is asked for, `parts` make the scope. */
  readonly providers?: readonly OneOf<Provider, 'providers'>[];
};

type TypedCmsCookie<Provider extends string> =
  | Extract<CmsCookieInput, { hmac: unknown }>
  | (Omit<Extract<CmsCookieInput, { provider: string }>, 'provider'> & {
      readonly provider: OneOf<Provider, 'providers'>;
    });

type TypedCms<Provider extends string> = Omit<CmsInput, 'cookies'> & {
  readonly cookies?: readonly (string | TypedCmsCookie<Provider>)[];
};

type TypedRevocation<Scope extends string> = Omit<RevocationInput, 'scopes'> & {
  /** Scopes of one claim by whose values an identity is revoked: `['user']`. A `jti` is always asked for. */
  readonly scopes: readonly OneOf<Scope, 'scopes'>[];
};

/** What `definePolicy` takes. Names are those of the entries: where they are used they are not learned, but checked. */
export interface TypedPolicy<
  Origin extends string,
  Provider extends string,
  Scope extends string,
  Route extends string,
> extends Omit<PolicyInput, 'origins' | 'cms' | 'providers' | 'scopes' | 'routes' | 'revocation'> {
  readonly origins: Readonly<Record<Origin, OriginInput>>;
  readonly cms?: TypedCms<NoInfer<Provider>>;
  readonly providers?: Readonly<Record<Provider, AnyProviderInput>>;
  readonly scopes?: Readonly<Record<Scope, TypedScope<NoInfer<Provider>>>>;
  readonly revocation?: TypedRevocation<NoInfer<Scope>>;
  readonly routes: Readonly<Record<Route, TypedRoute<NoInfer<Origin>, NoInfer<Scope>>>>;
}

/** What `definePolicy` returns: a policy like any other, with its entries by name, of which another can be made. */
export type DefinedPolicy<
  Origin extends string,
  Provider extends string,
  Scope extends string,
  Route extends string,
> = TypedPolicy<Origin, Provider, Scope, Route> & {
  readonly providers: Readonly<Record<Provider, AnyProviderInput>>;
  readonly scopes: Readonly<Record<Scope, TypedScope<Provider>>>;
};
