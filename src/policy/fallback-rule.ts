import type { NamePatterns } from '../http/name-pattern.ts';
import type { CmsInput } from './cms/cms.ts';
import { cmsCookieName } from './cms/session-cookie.ts';
import { compileNames, patternsOverlap } from './name-patterns.ts';
import type { Report } from './policy-error.ts';
import { type Provider, type ProvidersInput, tokenCookies } from './providers/provider.ts';
import { type ScopesInput, wholeParts } from './scopes/scope.ts';
import { choice, cookieName, list } from './settings.ts';

/**
 * What becomes of a GET or HEAD whose path no route names. Other methods, and a session cookie that `cms` names, pass in any case.
 * - `public` (default): anonymous. Its cookies are removed, and all share one cache.
 * - `auto`: public where there is no credential and every cookie is one that `ignoreCookies` means; otherwise it passes, and the log names the cookie.
 * - `pass`: it passes.
 *
 * A credential is `Authorization`, a place where a provider looks for a token, or a header that a scope takes whole.
 * A pass by this rule leaves what the origin says of caching to the browser as it is.
 */
export type FallbackInput = 'public' | 'auto' | 'pass';

/** The rule, made ready. `public` has none. */
export type FallbackRule =
  | { readonly kind: 'pass' }
  | {
      readonly kind: 'auto';
      /** Cookies that mean nothing to the origin. */
      readonly ignoreCookies: NamePatterns;
      /** Where a provider looks for a token, and what a scope takes whole, beside `Authorization` and cookies. Lower case. */
      readonly credentialHeaders: readonly string[];
    };

export const fallback = choice('public', 'auto', 'pass');
export const ignoreCookies = list(cookieName, '["theme", "ab_*"]');

/**
 * Cookies of analytics, advertising and consent, by the products' own documentation: no origin renders a page by them.
 * Google Analytics and Ads, Meta, Microsoft Advertising and Clarity, LinkedIn, TikTok, Pinterest, Matomo, HubSpot, Hotjar, Segment (the anonymous id), Mixpanel,
 * Amplitude, PostHog, Cloudflare's bot management; Cookiebot, OneTrust, CookieYes, Complianz, Borlabs, Didomi, Axeptio, IAB TCF.
 */
export const IGNORED_COOKIES: readonly string[] =
  `_ga _ga_* _gid _gat _gat_* _gcl_* _gac_* _dc_gtm_* __utma __utmb __utmc __utmt __utmv __utmz _fbp _fbc
  _uetsid _uetvid _clck _clsk li_fat_id _ttp _tt_enable_cookie _pin_unauth _pk_id.* _pk_ses.* _pk_ref.* _pk_cvar.*
  __hstc __hssc __hssrc hubspotutk _hjSession_* _hjSessionUser_* _hjid _hjFirstSeen ajs_anonymous_id mp_*_mixpanel AMP_* ph_*_posthog
  __cf_bm _cfuvid CookieConsent OptanonConsent OptanonAlertBoxClosed cookieyes-consent cmplz_* borlabs-cookie euconsent-v2
  didomi_token axeptio_*`.split(/\s+/);

interface Sections {
  readonly fallback?: FallbackInput;
  readonly ignoreCookies?: readonly string[];
  readonly cms?: CmsInput;
  readonly providers?: ProvidersInput;
  readonly scopes?: ScopesInput;
}

type NamedCookie = readonly [name: string, at: string];

/** Cookies that providers take for tokens, and those that scopes take whole, with the setting that says so. */
function visitorCookies({ providers, scopes }: Sections): readonly NamedCookie[] {
  return [
    ...tokenCookies(providers).map(({ cookie, at }) => [cookie, at] as const),
    ...wholeParts(scopes).flatMap(({ part, at }) => ('cookie' in part ? [[part.cookie, at] as const] : [])),
  ];
}

/** Cookies that say who somebody is. */
function sessionCookies(policy: Sections): readonly NamedCookie[] {
  return [
    ...(policy.cms?.cookies ?? []).map((cookie) => [cmsCookieName(cookie), 'cms.cookies'] as const),
    ...visitorCookies(policy),
  ];
}

export function fallbackProblems(policy: Sections, report: Report): void {
  const { fallback: rule = 'public', ignoreCookies: ignored = [] } = policy;
  if (ignored.length > 0 && rule !== 'auto')
    report(
      'POLICY_CONFLICT',
      'ignoreCookies',
      ignored,
      `Only fallback: 'auto' looks at cookies; here it is '${rule}'.`,
    );
  for (const [i, pattern] of ignored.entries()) {
    const [name, at] = sessionCookies(policy).find(([one]) => patternsOverlap(one, pattern)) ?? [];
    if (name !== undefined)
      report(
        'POLICY_UNSAFE',
        `ignoreCookies.${i}`,
        pattern,
        `${at} names the cookie "${name}", which says who somebody is: it must not be ignored.`,
      );
  }
}

/** Paths that no route names lose the session cookie of a provider or a scope, and are stored for everybody. */
export function fallbackWarnings(policy: Sections): readonly string[] {
  // Written down, it is meant.
  if (policy.fallback !== undefined) return [];
  const chunks = tokenCookies(policy.providers).filter(({ isChunk }) => isChunk);
  const cookies = visitorCookies(policy).filter(([cookie]) => chunks.every((one) => one.cookie !== cookie));
  return cookies.map(
    ([cookie, at]) =>
      `fallback: paths that no route names are public and lose the cookie "${cookie}"${chunks.some((one) => one.at === at) ? ' and its chunks' : ''} of ${at}: a page there that depends on it would be stored as its anonymous form. Write fallback: 'auto', which passes it, or fallback: 'public' where that is meant.`,
  );
}

export function compileFallback(policy: Sections, providers: readonly Provider[]): FallbackRule | null {
  const { fallback: input = 'public', ignoreCookies: ignored = [] } = policy;
  if (input === 'public') return null;
  if (input === 'pass') return { kind: 'pass' };
  const headers = [
    ...providers
      .flatMap(({ credentials }) => credentials)
      .flatMap((place) => (place.kind === 'header' ? [place.name] : [])),
    ...wholeParts(policy.scopes).flatMap(({ part }) => ('header' in part ? [part.header.toLowerCase()] : [])),
  ];
  const sessions = sessionCookies(policy);
  const harmless = IGNORED_COOKIES.filter(
    (pattern) => !sessions.some(([name]) => patternsOverlap(name, pattern)),
  );
  return {
    kind: 'auto',
    ignoreCookies: compileNames([...harmless, ...ignored]),
    credentialHeaders: [...new Set(headers)].filter((name) => name !== 'authorization'),
  };
}
