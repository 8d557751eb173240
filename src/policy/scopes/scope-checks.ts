import { parseClaimPath } from '../claims/claim-path.ts';
import { cmsCookieName } from '../cms.ts';
import { patternsOverlap } from '../name-patterns.ts';
import type { Report } from '../policy-error.ts';
import type { ScopeInput, ScopePartInput } from '../providers/provider.ts';
import { isAddressHeader } from '../request-fields/client-address-names.ts';
import type { PolicyInput, RouteInput } from '../routes/route.ts';
import { providerOfPart, takerOfHeader } from './header-taker.ts';

export const CLAIM_PATH =
  'Parts are joined by dots and not empty; write a dot inside a name as \\\\. in a string.';
/** Fields that the edge must not overwrite. */
export const NEVER_OVERWRITTEN = new Set([
  'host',
  'authorization',
  'cookie',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'user-agent',
]);

export const ADDRESS_IS_NO_PART =
  "A client writes its own address there, and no origin gets it: use the scope's part country, or lane: 'pass' with clientAddress.";

/** What is wrong with one scope. */
export function scopeProblems(policy: PolicyInput, name: string, scope: ScopeInput, report: Report): void {
  const at = `scopes.${name}`;
  const claims = claimsOf(scope);
  for (const claim of [
    ...claims,
    ...(scope.parts ?? []).flatMap((part) => ('contains' in part ? [part.contains] : [])),
  ]) {
    if (parseClaimPath(claim) === null) report('POLICY_CLAIM_PATH', `${at}.claims`, claim, CLAIM_PATH);
  }
  for (const claim of Object.keys(scope.requiredClaims ?? {})) {
    if (parseClaimPath(claim) === null)
      report('POLICY_CLAIM_PATH', `${at}.requiredClaims`, claim, CLAIM_PATH);
  }
  if (new Set(claims).size !== claims.length) {
    report('POLICY_CLAIM_PATH', `${at}.claims`, claims, 'Name each claim once.');
  }
  checkProviders(policy, at, scope, report);
  checkMeaning(at, scope, report);
  for (const [i, part] of (scope.parts ?? []).entries()) {
    checkPart(policy, `${at}.parts.${i}`, part, report);
    if (scope.providers?.length === 0) checkTokenPart(policy, `${at}.parts.${i}`, part, report);
  }
}

function claimsOf(scope: ScopeInput): readonly string[] {
  return typeof scope.claims === 'string' ? [scope.claims] : (scope.claims ?? []);
}

function checkProviders(policy: PolicyInput, at: string, scope: ScopeInput, report: Report): void {
  const known = Object.keys(policy.providers ?? {});
  for (const provider of scope.providers ?? []) {
    if (!known.includes(provider)) {
      const mend = `Known providers: ${known.join(', ') || 'none'}.`;
      report('POLICY_UNKNOWN_REFERENCE', `${at}.providers`, provider, mend);
    }
  }
  if (scope.providers === undefined && known.length !== 1) {
    report(
      'POLICY_UNKNOWN_REFERENCE',
      `${at}.providers`,
      scope.providers,
      'Say whose tokens count: with one provider it is implied, here it is not.',
    );
  }
}

/** A scope has to partition something, and what it says of people has to be true. */
function checkMeaning(at: string, scope: ScopeInput, report: Report): void {
  const claims = claimsOf(scope);
  const parts = scope.parts ?? [];
  const required = Object.keys(scope.requiredClaims ?? {});
  const tokenless = scope.providers?.length === 0;
  if (tokenless && (claims.length > 0 || required.length > 0 || parts.some((part) => 'contains' in part))) {
    report(
      'POLICY_UNSAFE',
      `${at}.providers`,
      [],
      'Without a provider nobody verifies a claim: name one, or remove the claims.',
    );
  }
  if (claims.length === 0 && parts.length === 0 && required.length === 0) {
    report('POLICY_SHAPE', `${at}.claims`, scope.claims, 'Name at least one claim, part or required claim.');
  }
  const namesSomebody =
    claims.length > 0 ||
    parts.some((part) => ('header' in part || 'cookie' in part) && part.values === undefined);
  if (!namesSomebody && !scope.shared) {
    report(
      'POLICY_UNSAFE',
      `${at}.shared`,
      scope.shared,
      'Nothing in this scope tells two people apart, so they share its entries: write shared: true, or add a claim.',
    );
  }
  if (scope.assertedBy !== undefined && claims.length === 0) {
    report(
      'POLICY_CONFLICT',
      `${at}.assertedBy`,
      scope.assertedBy,
      'It is compared with the first claim: name one.',
    );
  }
}

function checkPart(policy: PolicyInput, at: string, part: ScopePartInput, report: Report): void {
  if ('values' in part && part.values?.includes('other')) {
    report(
      'POLICY_UNSAFE',
      `${at}.values`,
      'other',
      'This word stands for everything that is not on the list: use another.',
    );
  }
  if (
    'cookie' in part &&
    policy.cms?.cookies?.some((cookie) => patternsOverlap(cmsCookieName(cookie), part.cookie))
  ) {
    report(
      'POLICY_UNSAFE',
      `${at}.cookie`,
      part.cookie,
      'A cookie of this name is in cms.cookies too, perhaps by a pattern: use another.',
    );
  }
  if (
    'header' in part &&
    ['host', 'cookie', 'accept-encoding', 'range'].includes(part.header.toLowerCase())
  ) {
    report(
      'POLICY_UNSAFE',
      `${at}.header`,
      part.header,
      'This header is handled by the edge: it cannot be part of a scope.',
    );
  }
  if ('header' in part && isAddressHeader(part.header.toLowerCase())) {
    report('POLICY_UNSAFE', `${at}.header`, part.header, ADDRESS_IS_NO_PART);
  }
}

/** A scope that verifies nothing must not keep pages by a token: an expired one would do. */
function checkTokenPart(policy: PolicyInput, at: string, part: ScopePartInput, report: Report): void {
  if (!('header' in part || 'cookie' in part) || part.values !== undefined) return;
  const taker = providerOfPart(policy, part);
  if (taker === null) return;
  report(
    'POLICY_UNSAFE',
    at,
    part,
    `${taker} takes this for a token, and this scope verifies none: name the provider, and a claim.`,
  );
}

/** What is wrong with keys by URL, revocation and the limit. */
export function identityProblems(policy: PolicyInput, report: Report): void {
  for (const [name, { keys, algorithms }] of Object.entries(policy.providers ?? {})) {
    if (!('jwksUrl' in keys || 'discovery' in keys)) continue;
    const setting = 'jwksUrl' in keys ? 'jwksUrl' : 'discovery';
    const url = 'jwksUrl' in keys ? keys.jwksUrl : keys.discovery;
    if (!isTrustedUrl(url)) {
      report(
        'POLICY_KEY',
        `providers.${name}.keys.${setting}`,
        url,
        'An https: URL without user and query (http: only on 127.0.0.1 or localhost).',
      );
    }
    if (algorithms.some((algorithm) => algorithm.startsWith('HS'))) {
      report(
        'POLICY_KEY',
        `providers.${name}.keys`,
        keys,
        'An HMAC key that a server gives out is no secret: put it in the Secret Store.',
      );
    }
  }
  for (const name of policy.revocation?.scopes ?? []) {
    const scope = policy.scopes?.[name];
    if (scope === undefined || claimsOf(scope).length !== 1 || scope.parts !== undefined) {
      report('POLICY_UNKNOWN_REFERENCE', 'revocation.scopes', name, 'A scope of exactly one claim.');
    }
  }
}

function isTrustedUrl(text: string): boolean {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return false;
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
  );
}

/** What a route asks of identities. */
export function routeIdentityProblems(
  policy: PolicyInput,
  at: string,
  route: RouteInput,
  report: Report,
): void {
  if (route.revocation && policy.revocation === undefined) {
    report(
      'POLICY_CONFLICT',
      `${at}.revocation`,
      true,
      "Say where revocations stand: revocation: { scopes: ['user'] } of the policy.",
    );
  }
  if (route.limitBadTokens && policy.badTokenLimit === undefined) {
    report(
      'POLICY_CONFLICT',
      `${at}.limitBadTokens`,
      true,
      'Say how many are too many: badTokenLimit: { count: 20 } of the policy.',
    );
  }
  const scope = route.scope === undefined ? undefined : policy.scopes?.[route.scope];
  const ofScope = new Set(scope === undefined ? [] : claimsOf(scope));
  for (const [header, claim] of Object.entries(route.forwardClaims ?? {})) {
    const name = header.toLowerCase();
    const setting = `${at}.forwardClaims.${header}`;
    if (parseClaimPath(claim) === null) report('POLICY_CLAIM_PATH', setting, claim, CLAIM_PATH);
    if (
      NEVER_OVERWRITTEN.has(name) ||
      takerOfHeader(policy, header) !== null ||
      route.vary?.some((field) => field.toLowerCase() === name)
    ) {
      report(
        'POLICY_CONFLICT',
        setting,
        header,
        'This header has another meaning here: choose a name of your own, such as x-user-id.',
      );
    }
    if (scope?.shared && !ofScope.has(claim)) {
      report(
        'POLICY_UNSAFE',
        setting,
        claim,
        "A shared bucket must not be filled with one member's claim: only claims of the scope itself.",
      );
    }
  }
}
