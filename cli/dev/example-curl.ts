import type { Policy } from '../../src/policy/policy.ts';
import type { Provider } from '../../src/policy/providers/provider.ts';
import type { Route } from '../../src/policy/routes/route.ts';
import type { Scope } from '../../src/policy/scopes/scope.ts';
import { samplePaths } from '../check/sample-paths.ts';
import { shellWord } from './shell-word.ts';

export interface ExampleCurl {
  readonly command: string;
  /** What is seen when it is sent twice. */
  readonly says: string;
}

/** A request that fits the policy: of somebody whose page is cached, where the policy has such a route. `people`: whom `claimcache token` knows. */
export function exampleCurl(policy: Policy, url: string, people: readonly string[]): ExampleCurl {
  const routes = Array.from(policy.routes).filter(
    ({ path, graphql, body }) => graphql === null && body === null && samplePaths(path).length > 0,
  );
  const route =
    routes.find(
      ({ kind, scope }) => kind === 'scoped' && scope?.shared === false && scope.providers.length > 0,
    ) ??
    routes.find(({ kind, scope }) => kind === 'scoped' && (scope?.providers.length ?? 0) > 0) ??
    routes.find(({ kind }) => kind === 'public');
  const path = route === undefined ? '/' : (samplePaths(route.path)[0] ?? '/');
  const isServed = policy.hosts.size === 0 || policy.hosts.has(new URL(url).hostname);
  const host = isServed ? undefined : [...policy.hosts][0];
  const parts = [
    `curl -i ${shellWord(`${url}${path}`)}`,
    ...(host === undefined ? [] : [`-H ${shellWord(`Host: ${host}`)}`]),
    ...credentialOf(route, policy, people),
  ];
  const isMinted = route?.scope?.providers[0]?.keys.kind === 'remote';
  return {
    command: parts.join(' '),
    says: `Twice: X-Cache says MISS, then HIT, where the answer may be cached.${isMinted ? ' An application that verifies tokens answers 401 to this one: send one of its own.' : ''}`,
  };
}

function credentialOf(route: Route | undefined, policy: Policy, people: readonly string[]): string[] {
  const scope = route?.scope ?? null;
  const provider = scope?.providers[0];
  const place = provider?.credentials[0];
  if (scope === null || provider === undefined || place === undefined) return [];
  const token =
    provider.lookup === null
      ? `$(${tokenCommand(scope, provider, policy, people)})`
      : provider.lookup.kind === 'session'
        ? 'COOKIE-OF-A-LOGIN'
        : 'TOKEN-OF-THE-ISSUER';
  if (place.kind === 'header') {
    const name = place.name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
    const scheme =
      place.scheme === null ? '' : `${place.scheme.replace(/^[a-z]/, (letter) => letter.toUpperCase())} `;
    return [`-H "${name}: ${scheme}${token}"`];
  }
  // In a JSON object, or in the URL, a command line of its own would have to put it.
  if (place.kind === 'query' || (place.kind === 'packedCookie' && place.format.kind !== 'chunked')) return [];
  const name = place.kind === 'cookie' ? place.name : place.pattern.replace('*', 'local');
  return [`-H "Cookie: ${name}=${token}"`];
}

function tokenCommand(scope: Scope, provider: Provider, policy: Policy, people: readonly string[]): string {
  const claims = new Map<string, unknown>();
  // A person of people.json has claims; of anybody else the subject alone is known.
  const isKnown = people.length > 0;
  const wanted = [
    ...scope.claims.map((path) => ({ path, value: 'example' as string | number | boolean })),
    ...scope.requiredClaims.map(({ path, values }) => ({ path, value: values?.[0] ?? 'example' })),
  ];
  for (const { path, value } of wanted) {
    const [first = '', ...rest] = path;
    if (isKnown || (first === 'sub' && rest.length === 0)) continue;
    claims.set(
      first,
      rest.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value),
    );
  }
  return [
    `npx claimcache token ${shellWord(people[0] ?? 'alice')}`,
    ...(policy.providers[0] === provider ? [] : [`--provider ${shellWord(provider.name)}`]),
    ...[...claims].map(([name, value]) =>
      typeof value === 'string'
        ? `--claim ${shellWord(`${name}=${value}`)}`
        : `--claim ${shellWord(`${name}:=${JSON.stringify(value)}`)}`,
    ),
  ].join(' ');
}
