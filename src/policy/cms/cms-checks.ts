import { requirementProblems } from '../claims/claim-requirements.ts';
import { patternsOverlap } from '../name-patterns.ts';
import { unknownName } from '../names.ts';
import type { Report } from '../policy-error.ts';
import { type ProvidersInput, tokenCookies } from '../providers/provider.ts';
import { cgiName } from '../request-fields/cgi-name.ts';
import { ORDINARY } from '../request-fields/let-in.ts';
import { keyedFields, type NamingFields } from '../request-fields/named-fields.ts';
import { NEVER_OVERWRITTEN } from '../request-fields/never-overwritten.ts';
import type { ScopesInput } from '../scopes/scope.ts';
import type { CmsInput } from './cms.ts';
import { type CmsCookieInput, cmsCookieName } from './session-cookie.ts';

interface Sections {
  readonly cms?: CmsInput;
  readonly providers?: ProvidersInput;
  readonly scopes?: ScopesInput;
  readonly routes: NamingFields['routes'];
  readonly origins: NamingFields['origins'];
}

/** What is wrong with editors' cookies: alone, and beside those of users. */
export function cmsProblems(policy: Sections, report: Report): void {
  const { cms, providers = {}, scopes = {} } = policy;
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
  const tokens = tokenCookies(providers);
  for (const { cookie, at, isChunk } of tokens) {
    // Of a cookie and its chunks one is enough to say.
    const isSaid = isChunk && tokens.some((one) => one.at === at && !one.isChunk && isOfEditors(one.cookie));
    if (!isSaid) clash(at, cookie);
  }
  for (const [name, { parts = [] }] of Object.entries(scopes)) {
    for (const [i, part] of parts.entries())
      if ('cookie' in part) clash(`scopes.${name}.parts.${i}`, part.cookie);
  }
  cms?.headers?.forEach((header, i) => {
    checkHeader(policy, header, `cms.headers.${i}`, report);
  });
  cms?.query?.forEach((name, i) => {
    checkParameter(providers, name, `cms.query.${i}`, report);
  });
}

function checkHeader(policy: Sections, header: string, at: string, report: Report): void {
  const name = header.toLowerCase();
  const keyed = keyedFields(policy).find((field) => cgiName(field.name) === cgiName(name));
  if (ORDINARY.has(name) || NEVER_OVERWRITTEN.has(name)) {
    const fix =
      'Ordinary requests have this field, and all of them would pass: name one that only editors send.';
    report('POLICY_CONFLICT', at, header, fix);
  } else if (keyed !== undefined) {
    const fix = `Visitors send this field too (${keyed.at}): editors need one of their own.`;
    report('POLICY_UNSAFE', at, header, fix);
  }
}

function checkParameter(providers: ProvidersInput, name: string, at: string, report: Report): void {
  for (const [provider, { credentials = [] }] of Object.entries(providers)) {
    for (const place of credentials as readonly object[]) {
      if (!('query' in place) || typeof place.query !== 'string' || !patternsOverlap(name, place.query))
        continue;
      const fix = `The provider ${provider} reads a token in this parameter: editors and users need different ones.`;
      report('POLICY_UNSAFE', at, name, fix);
    }
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
export function cmsWarnings({ cms, passLimit }: Warned): readonly string[] {
  const { cookies = [], query, headers } = cms ?? {};
  const markers = { query, headers };
  const open = (['query', 'headers'] as const).filter(
    (kind) => passLimit === undefined && markers[kind] !== undefined,
  );
  return [...cookieWarnings(cookies), ...open.map(openText)];
}

interface Warned {
  readonly cms?: CmsInput;
  readonly passLimit?: unknown;
}

function openText(kind: 'query' | 'headers'): string {
  return `cms.${kind}: whoever knows a name gets past the cache to the origin, as often as they like: bound it by passLimit.`;
}

function cookieWarnings(cookies: NonNullable<CmsInput['cookies']>): readonly string[] {
  return cookies.flatMap((cookie, i) => {
    if (typeof cookie === 'string' || !('hmac' in cookie)) return [];
    if (cookie.hmac.covers !== 'text' || cookie.hmac.prefix !== undefined) return [];
    return [
      `cms.cookies.${i}.hmac.covers: the signature does not hold the name ${cookie.name}. Any cookie that is signed with the same secret counts as this one; a prefix, or a secret of its own, keeps them apart.`,
    ];
  });
}
