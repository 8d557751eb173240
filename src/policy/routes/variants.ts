import * as v from 'valibot';
import type { CmsInput } from '../cms/cms.ts';
import { cmsCookieName } from '../cms/session-cookie.ts';
import { patternsOverlap } from '../name-patterns.ts';
import type { Report } from '../policy-error.ts';
import { type ProvidersInput, tokenCookies } from '../providers/provider.ts';
import type { ScopesInput } from '../scopes/scope.ts';
import { countries } from '../scopes/scope-parts.ts';
import { list, matching, object, record } from '../settings.ts';

/**
 * By what the pages of a public route differ. The edge makes one of a few values of what a client sends: that value is part of the key, and it is
 * what the origin gets, on the cacheable lane instead of the client's own. A request that passes keeps its language and cookies, and gets
 * `X-Claimcache-Country` and `X-Claimcache-Device`. docs/concepts/caching.md#variants
 */
export interface VariantsInput {
  /**
   * `Accept-Language` by a list (RFC 4647 section 3.4, lookup), such as `['en', 'de', 'de-CH']`: the best that the client takes, or else
   * the first. The origin gets that one, `Accept-Language: de` also for `de-AT`; the browser gets `Vary: Accept-Language`.
   */
  readonly languages?: readonly string[];
  /** By the client's address, in `X-Claimcache-Country`: one of these, or `other`; `true`: any country. `Cache-Control` is `private`, without a `Vary`. */
  readonly countries?: true | readonly string[];
  /** `desktop`, `mobile`, `tablet` or `other`, in `X-Claimcache-Device`. The browser gets `Vary: User-Agent`. */
  readonly devices?: true;
  /**
   * Cookies with all their values, such as the bucket of an A/B test: `{ ab: ['a', 'b'] }`. Without the cookie, with it twice and with any
   * other value the first one counts. The origin gets `Cookie: ab=a`, the browser `Vary: Cookie`. Not cookies of credentials or editors.
   * Set such a cookie on a route that passes, or in an own handler.
   */
  readonly cookies?: Readonly<Record<string, readonly string[]>>;
}

/** The same, made ready. */
export interface Variants {
  /** The first one is the default. null: languages make no difference. */
  readonly languages: readonly string[] | null;
  /** Upper case; true: any; null: they make no difference. */
  readonly countries: true | readonly string[] | null;
  readonly devices: boolean;
  /** By name; the first value is the default. */
  readonly cookies: readonly (readonly [name: string, values: readonly string[]])[];
}

const language = matching(
  /^(?=.{1,35}$)[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/,
  'Expected the tag of a language (BCP 47), such as "de" or "de-CH".',
);
const cookie = matching(
  /^[!#$%&'+.^_`|~0-9A-Za-z-]+$/,
  'Expected the exact name of a cookie; * stands for no others here.',
);
const value = matching(
  /^[A-Za-z0-9._~-]{1,64}$/,
  'Expected a value of 1 to 64 letters, digits, ".", "_", "~" and "-".',
);

export const variants = object({
  languages: v.optional(list(language, '["en", "de"]', { atLeast: 1, atMost: 64 })),
  countries: v.optional(countries),
  devices: v.optional(v.literal(true, 'Expected true.')),
  cookies: v.optional(record(list(value, '["a", "b"]', { atLeast: 2, atMost: 16 }), cookie)),
});

interface Kind {
  readonly variants?: VariantsInput;
  readonly scope?: string;
  readonly lane?: 'public' | 'pass';
  readonly vary?: readonly string[];
}

interface Sections {
  readonly cms?: CmsInput;
  readonly providers?: ProvidersInput;
  readonly scopes?: ScopesInput;
}

/** What is wrong with the variants of a route. */
export function variantProblems(policy: Sections, at: string, route: Kind, report: Report): void {
  const { variants: input } = route;
  if (input === undefined) return;
  const conflict = (setting: string, what: unknown, fix: string) =>
    report('POLICY_CONFLICT', `${at}.${setting}`, what, fix);
  if (route.scope !== undefined || route.lane === 'pass') {
    const fix =
      route.scope === undefined
        ? 'Nothing of this route is stored: remove it.'
        : 'For public routes: here the scope says by what pages differ, in its parts.';
    conflict('variants', input, fix);
  }
  const { languages = [], devices, cookies = {}, countries: listed } = input;
  if (Object.values(input).every((setting) => setting === undefined)) {
    conflict('variants', input, 'Name languages, countries, devices or cookies, or remove it.');
  }
  const lists = { languages, countries: Array.isArray(listed) ? listed : [], ...prefixed(cookies) };
  for (const [name, values] of Object.entries(lists)) {
    const known = values.map((one) => (name === 'languages' ? one.toLowerCase() : one));
    if (new Set(known).size !== known.length) conflict(`variants.${name}`, values, 'Name each value once.');
  }
  const raw = new Set(route.vary?.map((name) => name.toLowerCase()));
  const twice = 'This route has it as it comes, too, in vary: remove it there.';
  if (languages.length > 0 && raw.has('accept-language')) conflict('variants.languages', languages, twice);
  if (devices && raw.has('user-agent')) conflict('variants.devices', devices, twice);
  for (const name of Object.keys(cookies)) checkCookie(policy, `${at}.variants.cookies`, name, report);
}

function prefixed(cookies: NonNullable<VariantsInput['cookies']>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(cookies).map(([name, values]) => [`cookies.${name}`, values]));
}

/** A cookie that says who somebody is would select everybody's page. */
function checkCookie(
  { cms, providers, scopes = {} }: Sections,
  at: string,
  name: string,
  report: Report,
): void {
  const named = [
    ...(cms?.cookies ?? []).map((one) => [cmsCookieName(one), 'cms.cookies'] as const),
    ...tokenCookies(providers).map((one) => [one.cookie, one.at] as const),
    ...Object.entries(scopes).flatMap(([scope, { parts = [] }]) =>
      parts.flatMap((part) =>
        'cookie' in part && part.values === undefined ? [[part.cookie, `scopes.${scope}`] as const] : [],
      ),
    ),
  ];
  const [, by] = named.find(([pattern]) => patternsOverlap(pattern, name)) ?? [];
  if (by === undefined) return;
  const fix = `${by} takes this cookie for somebody's session: it selects no public page. Use another one.`;
  report('POLICY_UNSAFE', `${at}.${name}`, name, fix);
}

export function compileVariants(input: VariantsInput | undefined): Variants | null {
  if (input === undefined) return null;
  return {
    languages: input.languages ?? null,
    countries: input.countries ?? null,
    devices: input.devices ?? false,
    cookies: Object.entries(input.cookies ?? {}),
  };
}

/** Request fields of a client by which the answers differ, lower case. */
export function variantFields(variants: Variants | null): readonly string[] {
  if (variants === null) return [];
  return [
    ...(variants.languages === null ? [] : ['accept-language']),
    ...(variants.devices ? ['user-agent'] : []),
    ...(variants.cookies.length > 0 ? ['cookie'] : []),
  ];
}
