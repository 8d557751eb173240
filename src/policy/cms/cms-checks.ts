import { requirementProblems } from '../claims/claim-requirements.ts';
import { patternsOverlap } from '../name-patterns.ts';
import { unknownName } from '../names.ts';
import type { Report } from '../policy-error.ts';
import { type ProvidersInput, tokenCookies } from '../providers/provider.ts';
import type { ScopesInput } from '../scopes/scope.ts';
import type { CmsInput } from './cms.ts';
import { type CmsCookieInput, cmsCookieName } from './session-cookie.ts';

interface Sections {
  readonly cms?: CmsInput;
  readonly providers?: ProvidersInput;
  readonly scopes?: ScopesInput;
}

/** What is wrong with editors' cookies: alone, and beside those of users. */
export function cmsProblems({ cms, providers = {}, scopes = {} }: Sections, report: Report): void {
  const cookies = cms?.cookies ?? [];
  cookies.forEach((cookie, i) => {
    checkNamedOnce(cookies, i, report);
    if (typeof cookie !== 'string') checkSession(`cms.cookies.${i}`, cookie, providers, report);
  });
  const isOfEditors = (name: string) =>
    cookies.some((cookie) => patternsOverlap(cmsCookieName(cookie), name));
  const clash = (at: string, name: string) => {
    const fix =
      'A cookie of this name is in cms.cookies too, perhaps by a pattern: editors and users need cookies of different names.';
    if (isOfEditors(name)) report('POLICY_UNSAFE', `${at}.cookie`, name, fix);
  };
  for (const { cookie, at } of tokenCookies(providers)) clash(at, cookie);
  for (const [name, { parts = [] }] of Object.entries(scopes)) {
    for (const [i, part] of parts.entries())
      if ('cookie' in part) clash(`scopes.${name}.parts.${i}`, part.cookie);
  }
}

function checkNamedOnce(cookies: NonNullable<CmsInput['cookies']>, i: number, report: Report): void {
  const cookie = cookies[i] ?? '';
  const name = cmsCookieName(cookie);
  // Of plain names one may be part of another's pattern: nothing depends on which of them a cookie is.
  const clashes = (other: string | CmsCookieInput) =>
    typeof cookie === 'string' && typeof other === 'string'
      ? other === name
      : patternsOverlap(cmsCookieName(other), name);
  if (cookies.findIndex(clashes) === i) return;
  const fix = 'Name each cookie once, patterns included: with two rules, the weaker one would count.';
  report('POLICY_CONFLICT', `cms.cookies.${i}`, name, fix);
}

function checkSession(at: string, cookie: CmsCookieInput, providers: ProvidersInput, report: Report): void {
  if ('provider' in cookie) {
    const known = Object.keys(providers);
    if (!known.includes(cookie.provider)) {
      const fix = unknownName('provider', cookie.provider, known);
      report('POLICY_UNKNOWN_REFERENCE', `${at}.provider`, cookie.provider, fix);
    }
    const provider = providers[cookie.provider];
    if (provider !== undefined && ('session' in provider || 'introspection' in provider)) {
      const fix =
        'An editor is known by a signed token or an hmac: nobody is asked about a cookie that any visitor may send.';
      report('POLICY_UNSAFE', `${at}.provider`, cookie.provider, fix);
    }
    requirementProblems(at, cookie.requiredClaims, report);
    return;
  }
  if (cookie.hmac.format !== 'express') return;
  if (cookie.hmac.expires) {
    const fix = 'Only plain cookies end with a time that is signed: remove it, or use format plain.';
    report('POLICY_CONFLICT', `${at}.hmac.expires`, true, fix);
  }
  if (cookie.hmac.covers !== 'text') {
    const fix =
      "cookie-parser signs no name, so every cookie of that secret would count: write covers: 'text' if that is so, and best give these cookies a prefix or a secret of their own.";
    report('POLICY_UNSAFE', `${at}.hmac.covers`, cookie.hmac.covers, fix);
  }
}

/** What may be meant, and should be known. */
export function cmsWarnings({ cookies = [] }: CmsInput = {}): readonly string[] {
  return cookies.flatMap((cookie, i) => {
    if (typeof cookie === 'string' || !('hmac' in cookie)) return [];
    if (cookie.hmac.covers !== 'text' || cookie.hmac.prefix !== undefined) return [];
    return [
      `cms.cookies.${i}.hmac.covers: the signature does not hold the name ${cookie.name}. Any cookie that is signed with the same secret counts as this one; a prefix, or a secret of its own, keeps them apart.`,
    ];
  });
}
