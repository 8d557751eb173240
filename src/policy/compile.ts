import { textDigest } from '../keys/text-digest.ts';
import { compileCms } from './cms/cms.ts';
import { compileCors } from './cors-rule.ts';
import { compileFallbackPage } from './fallback-page-rule.ts';
import { compileFallback } from './fallback-rule.ts';
import { compileHttps } from './https-rule.ts';
import { compileLimits } from './limits.ts';
import { compileNames } from './name-patterns.ts';
import { compileOrigins } from './origins.ts';
import type { Policy, PolicyInput } from './policy.ts';
import { PolicyError } from './policy-error.ts';
import { compileProviders } from './providers/provider.ts';
import { queryTokens } from './providers/query-token-rule.ts';
import { compilePurgeHooks } from './purge-hooks/purge-hook.ts';
import { compileRates } from './rate-limits.ts';
import { compileClientAddress } from './request-fields/client-address.ts';
import { compileForwardHeaders } from './request-fields/forward-headers.ts';
import { compileRequestFields } from './request-fields/request-headers.ts';
import { compileRevocation } from './revocation-rule.ts';
import { compileRoute } from './routes/route.ts';
import { compileScopes } from './scopes/scope.ts';
import { shapeProblems } from './shape-problems.ts';
import { compileStores } from './stores.ts';
import { unsafeStates } from './unsafe-states.ts';

/**
 * Validates a policy and fills in everything it leaves out, once, when the service is built.
 *
 * @throws {PolicyError} with every problem found: code, path, value and fix.
 */
export function compilePolicy(input: PolicyInput): Policy {
  const shape = shapeProblems(input);
  if (shape.length > 0) throw new PolicyError(shape);
  const unsafe = unsafeStates(input);
  if (unsafe.length > 0) throw new PolicyError(unsafe);

  const origins = compileOrigins(input);
  const providers = compileProviders(input.providers ?? {}, input);
  const scopes = compileScopes(input.scopes ?? {}, providers);
  const revocation = compileRevocation(input.revocation, scopes);
  const { passLimit, ...rates } = compileRates(input);
  const surroundings = {
    scopes,
    origins,
    revocation,
    passLimit,
    badTokenLimit: rates.badTokenLimit,
    fallbackPage: compileFallbackPage(input.fallbackPage),
    ignoreVary: input.ignoreVary ?? [],
    answersCors: input.cors !== undefined,
  };
  return {
    stores: compileStores(input.stores),
    logEndpoint: input.logEndpoint ?? 'claimcache',
    hosts: new Set((input.hosts ?? []).map((host) => host.toLowerCase())),
    origins,
    cms: compileCms(input.cms, { stores: input.stores, providers, revocation, scopes }),
    providers,
    scopes,
    routes: Object.entries(input.routes).map(([name, route]) => compileRoute(name, route, surroundings)),
    revocation,
    ...rates,
    purgeHooks: compilePurgeHooks(input),
    cors: compileCors(input.cors),
    https: compileHttps(input.https, input.hstsSeconds),
    requestFields: compileRequestFields(input),
    forwardHeaders: compileForwardHeaders(input.forwardHeaders),
    clientAddressHeaders: compileClientAddress(input.clientAddress),
    fallback: compileRoute('default', { path: '/**', lane: 'public' }, surroundings),
    fallbackRule: compileFallback(input, providers),
    queryTokens: queryTokens(input.providers),
    ignoreQuery: compileNames(input.ignoreQuery ?? []),
    limits: compileLimits(input.limits),
    digest: textDigest(JSON.stringify(input)),
  };
}
