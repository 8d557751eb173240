import type { Policy } from '../../src/policy/policy.ts';
import type { Scope } from '../../src/policy/scopes/scope.ts';
import type { Report } from './finding.ts';

/** What the policy describes and never uses. */
export function checkUse({ scopes, routes, providers, origins, revocation }: Policy, report: Report): void {
  const used = new Set<Scope>();
  for (const { scope } of routes) if (scope !== null) used.add(scope);
  // A scope of one claim may be there to purge by: entries of larger scopes carry its key.
  const partNames = new Set([...used].flatMap(({ partScopes }) => partScopes.flat()));
  const revocable = new Set(revocation?.scopes.map(({ name }) => name));
  for (const scope of scopes.values()) {
    if (used.has(scope) || partNames.has(scope.name) || revocable.has(scope.name)) continue;
    report(
      'warning',
      'SCOPE_UNUSED',
      `scopes.${scope.name}`,
      'No route uses this scope.',
      `Give a route scope: '${scope.name}', or remove it.`,
    );
  }
  const asked = new Set([...used].flatMap((scope) => scope.providers));
  for (const provider of providers) {
    if (asked.has(provider)) continue;
    report(
      'warning',
      'PROVIDER_UNUSED',
      `providers.${provider.name}`,
      'No scope that a route uses accepts its tokens.',
      `Name it in the providers of a scope, or remove it.`,
    );
  }
  const chosen = new Set(Array.from(routes, ({ origin }) => origin));
  for (const [i, origin] of origins.entries()) {
    // The first one without hosts and paths takes what is left.
    const rest = origins.findIndex(({ hosts, paths }) => hosts.length === 0 && paths.length === 0);
    if (chosen.has(origin) || origin.paths.length > 0 || origin.hosts.length > 0 || i === rest) continue;
    report(
      'warning',
      'ORIGIN_UNUSED',
      `origins.${origin.name}`,
      'No request ever goes there: no route names it, and it has neither paths nor hosts.',
      'Give it paths or hosts, name it in a route, or remove it.',
    );
  }
}
