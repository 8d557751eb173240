import * as v from 'valibot';
import { patternsOverlap } from '../name-patterns.ts';
import type { Report } from '../policy-error.ts';
import { type ProvidersInput, tokenCookies } from '../providers/provider.ts';
import type { ScopeInput } from '../scopes/scope.ts';
import { cookieName, flag, list } from '../settings.ts';

/** Which cookies of a response are taken out before it is stored. */
export interface StripCookiesInput {
  /** Public routes only: remove `Set-Cookie` and store, for sites that set a cookie on every page. */
  readonly stripSetCookie?: boolean;
  /**
   * Scoped routes that are not shared: cookies that no response of the cacheable lane sets, for frameworks that set one on every
   * response. Exact names, or with one `*`: `['XSRF-TOKEN', 'laravel_*']`. A response that sets another cookie too is not stored. Default: none.
   * Set them at the login, or on a route with `cache: false`.
   * docs/concepts/caching.md#set-cookie
   */
  readonly stripSetCookies?: readonly string[];
}

export interface StripCookies {
  /** Public routes only: store a response that sets a cookie, without the cookie. */
  readonly stripSetCookie: boolean;
  /** Scoped routes only: names, each with one `*` at most, of cookies that no answer from the cacheable lane sets. */
  readonly stripSetCookies: readonly string[];
}

export const stripCookies = {
  stripSetCookie: v.optional(flag),
  stripSetCookies: v.optional(list(cookieName, '["XSRF-TOKEN"]')),
};

interface Kind extends StripCookiesInput {
  readonly scope?: string;
  readonly lane?: 'public' | 'pass';
  readonly cache?: boolean;
}

/** What is wrong with the cookies that a route takes out of answers. */
export function stripProblems(at: string, route: Kind, scope: ScopeInput | undefined, report: Report): void {
  if (route.stripSetCookie && (route.scope !== undefined || route.lane === 'pass')) {
    report(
      'POLICY_UNSAFE',
      `${at}.stripSetCookie`,
      true,
      'Only for public routes: a cookie that is set for one user must reach that user. On a scoped route name the cookies: stripSetCookies.',
    );
  }
  const names = route.stripSetCookies;
  if (names === undefined) return;
  const setting = `${at}.stripSetCookies`;
  if (route.scope === undefined) {
    const fix = 'For routes with a scope; a public one has stripSetCookie: true.';
    report('POLICY_CONFLICT', setting, names, fix);
  } else if (scope?.shared) {
    const fix =
      'A shared page is stored for people who never got that cookie: fix the origin, or use a scope of one person.';
    report('POLICY_UNSAFE', setting, names, fix);
  }
  if (route.cache === false) {
    report('POLICY_CONFLICT', setting, names, 'Nothing of this route is ever stored: remove it.');
  }
}

export function compileStripCookies(input: StripCookiesInput): StripCookies {
  return {
    stripSetCookie: input.stripSetCookie ?? false,
    stripSetCookies: input.stripSetCookies ?? [],
  };
}

/** What may be meant, and should be known. */
export function stripWarnings(
  at: string,
  { stripSetCookies = [] }: StripCookiesInput,
  providers?: ProvidersInput,
): readonly string[] {
  const credentials = tokenCookies(providers);
  return stripSetCookies
    .filter((cookie) => credentials.some((credential) => patternsOverlap(credential.cookie, cookie)))
    .map(
      (cookie) =>
        `${at}.stripSetCookies: ${cookie} is a credential: where the origin renews it on this route, nobody gets the new one.`,
    );
}
