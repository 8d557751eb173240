import { RESERVED_SCOPES } from '../../keys/surrogate-key.ts';
import { formatClaimPath } from '../claims/claim-path.ts';
import { claimPathProblems, compileClaimPath } from '../claims/claim-path-setting.ts';
import { countRequired, requirementProblems } from '../claims/claim-requirements.ts';
import { unknownName } from '../names.ts';
import type { Report } from '../policy-error.ts';
import type { ProvidersInput } from '../providers/provider.ts';
import { providerOfPart } from './header-taker.ts';
import { claimsOf, type ScopeInput } from './scope.ts';
import { type ScopePartInput, scopePartProblems } from './scope-parts.ts';

/** What is wrong with one scope. */
export function scopeProblems(
  name: string,
  scope: ScopeInput,
  providers: ProvidersInput | undefined,
  report: Report,
): void {
  const at = `scopes.${name}`;
  if (RESERVED_SCOPES.has(name)) {
    const fix = `The service tags with ${[...RESERVED_SCOPES].join(', ')} itself: choose another name.`;
    report('POLICY_NAME', at, name, fix);
  }
  checkClaims(at, scope, report);
  requirementProblems(at, scope.requiredClaims, report);
  checkProviders(at, scope, providers, report);
  checkMeaning(at, scope, report);
  for (const [i, part] of (scope.parts ?? []).entries()) {
    scopePartProblems(`${at}.parts.${i}`, part, report);
    if ('set' in part) checkSet(`${at}.parts.${i}.set`, part, scope, report);
    if (scope.providers?.length === 0) checkTokenPart(`${at}.parts.${i}`, part, providers, report);
  }
}

/** A set is there for pages that several share: one person's page is found by who they are. */
function checkSet(
  at: string,
  { set }: Extract<ScopePartInput, { set: unknown }>,
  { shared, parts = [] }: ScopeInput,
  report: Report,
): void {
  if (!shared) {
    const fix =
      'A set is shared by all who have the same members: write shared: true, or use contains in a scope of one person.';
    report('POLICY_UNSAFE', at, set, fix);
  }
  const written = (claim: typeof set) => formatClaimPath(compileClaimPath(claim));
  const same = parts.filter((part) => 'set' in part && written(part.set) === written(set));
  if (same.length > 1) {
    report('POLICY_CONFLICT', at, set, 'Name the set of a claim once, with all members that count.');
  }
}

function checkClaims(at: string, scope: ScopeInput, report: Report): void {
  const claims = claimsOf(scope);
  for (const claim of claims) claimPathProblems(`${at}.claims`, claim, report);
  const paths = claims.map(compileClaimPath);
  if (new Set(paths.map(formatClaimPath)).size !== claims.length) {
    report('POLICY_CLAIM_PATH', `${at}.claims`, claims, 'Name each claim once.');
  } else if (new Set(paths.map((path) => path.join('.'))).size !== claims.length) {
    const fix =
      'Two of these have the same name in the header x-claimcache-claims, one nested and one with dots in its name: the origin could not tell them apart. Use scopes of one claim each.';
    report('POLICY_CLAIM_PATH', `${at}.claims`, claims, fix);
  }
}

function checkProviders(at: string, scope: ScopeInput, providers: ProvidersInput = {}, report: Report): void {
  const known = Object.keys(providers);
  for (const provider of scope.providers ?? []) {
    if (known.includes(provider)) continue;
    report('POLICY_UNKNOWN_REFERENCE', `${at}.providers`, provider, unknownName('provider', provider, known));
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
  const required = countRequired(scope.requiredClaims);
  const tokenless = scope.providers?.length === 0;
  const readsClaims = parts.some((part) => 'contains' in part || 'set' in part);
  if (tokenless && (claims.length > 0 || required > 0 || readsClaims)) {
    report(
      'POLICY_UNSAFE',
      `${at}.providers`,
      [],
      'Without a provider nobody verifies a claim: name one, or remove the claims.',
    );
  }
  if (claims.length === 0 && parts.length === 0 && required === 0) {
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

/** A scope that verifies nothing must not keep pages by a token: an expired one would do. */
function checkTokenPart(
  at: string,
  part: ScopePartInput,
  providers: ProvidersInput | undefined,
  report: Report,
): void {
  if (!('header' in part || 'cookie' in part) || part.values !== undefined) return;
  const taker = providerOfPart(providers, part);
  if (taker === null) return;
  report(
    'POLICY_UNSAFE',
    at,
    part,
    `${taker} takes this for a token, and this scope verifies none: name the provider, and a claim.`,
  );
}
