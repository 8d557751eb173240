import { cmsProblems } from './cms/cms-checks.ts';
import { corsProblems } from './cors-rule.ts';
import { fallbackProblems } from './fallback-rule.ts';
import { hostProblems } from './hosts.ts';
import { nameProblems } from './names.ts';
import { originProblems } from './origins.ts';
import { patternProblems } from './path-patterns.ts';
import type { PolicyInput } from './policy.ts';
import { type PolicyProblem, type Report, redact } from './policy-error.ts';
import { providerProblems } from './providers/provider.ts';
import { queryTokenProblems } from './providers/query-token-rule.ts';
import { purgeHookProblems } from './purge-hooks/purge-hook-checks.ts';
import { clientAddressProblems } from './request-fields/client-address.ts';
import { forwardHeaderProblems } from './request-fields/forward-headers.ts';
import { readFields, setFields } from './request-fields/named-fields.ts';
import { requestFieldProblems } from './request-fields/request-headers.ts';
import { revocationProblems } from './revocation-rule.ts';
import { routeProblems } from './routes/route-checks.ts';
import { scopeProblems } from './scopes/scope-checks.ts';

/** States that have the right shape and are not safe, or have no meaning: the checks of each topic. */
export function unsafeStates(policy: PolicyInput): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const report: Report = (code, path, value, fix) => {
    problems.push({ code, path, value: redact(value), fix });
  };
  const { origins, providers = {}, scopes = {}, routes, purgeHooks } = policy;
  for (const [section, entries] of Object.entries({ origins, providers, scopes, routes, purgeHooks }))
    nameProblems(section, entries, report);
  for (const [name, provider] of Object.entries(providers)) providerProblems(name, provider, policy, report);
  for (const [name, scope] of Object.entries(scopes)) scopeProblems(name, scope, providers, report);
  queryTokenProblems(policy, report);
  revocationProblems(policy, report);
  for (const [name, route] of Object.entries(routes)) routeProblems(policy, name, route, report);
  cmsProblems(policy, report);
  patternProblems(policy, report);
  originProblems(policy, report);
  hostProblems(policy, report);
  const named = [...readFields(policy), ...setFields(policy)];
  clientAddressProblems(policy.clientAddress, named, report);
  const addresses = policy.clientAddress?.headers.map((name) => ({
    name: name.toLowerCase(),
    at: 'clientAddress',
  }));
  forwardHeaderProblems(policy, [...named, ...(addresses ?? [])], report);
  requestFieldProblems(policy, report);
  purgeHookProblems(policy, report);
  fallbackProblems(policy, report);
  corsProblems(policy.cors, report);
  return problems;
}
