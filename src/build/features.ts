import { ALGORITHMS } from '../identity/algorithms.ts';
import type { Policy } from '../policy/policy.ts';
import type { Route } from '../policy/routes/route.ts';

/** Modules that a service has only where its policy has a use for them. */
export interface Feature {
  isUsed(policy: Policy): boolean;
  /** Of each the one that stands in its place, beside it: it has the same exports, and does nothing. */
  readonly modules: Readonly<Record<string, string>>;
  /** Their one export is the default export. Else all have names. */
  readonly isDefault?: true;
}

/** Large, or of use to few. */
export const FEATURES: readonly Feature[] = [
  ...['pss', 'ed25519'].map((engine) => ({
    isUsed: ({ providers }: Policy) =>
      providers.some(({ algorithms }) => algorithms.some((name) => ALGORITHMS[name].engine === engine)),
    modules: { [`identity/engines/${engine}`]: 'absent-engine' },
    isDefault: true as const,
  })),
  {
    isUsed: ({ origins }) => origins.some(({ shield }) => shield !== null),
    modules: {
      'request/second-pass': 'absent-second-pass',
      'shield/through-shield': 'absent-shield',
    },
  },
  {
    isUsed: ({ origins }) => origins.some(({ lock }) => lock !== null),
    modules: { 'origin/origin-lock': 'absent-lock' },
  },
  {
    isUsed: ({ providers }) => providers.some(({ keys }) => keys.kind === 'remote'),
    modules: {
      'identity/remote-keys': 'absent-remote-keys',
      'identity/fetch-keys': 'absent-fetch-keys',
    },
  },
  {
    isUsed: ({ revocation }) => revocation !== null,
    modules: {
      'identity/revocation': 'absent-revocation',
      'operator/revoke': 'absent-revoke',
    },
  },
  {
    isUsed: ({ providers }) => providers.some(({ lookup }) => lookup !== null),
    modules: {
      'identity/lookup/by-asking': 'absent-lookup',
      'request/forget-sessions': 'absent-forget-sessions',
    },
  },
  {
    isUsed: ({ cms }) => cms.sessions.size > 0,
    modules: { 'request/sessions': 'absent-sessions' },
  },
  {
    isUsed: anyRoute(({ fallbackPage }) => fallbackPage !== null),
    modules: { 'request/with-fallback': 'absent-fallback' },
  },
  {
    // Sockets ask which pages are allowed.
    isUsed: (policy) => policy.cors !== null || hasSockets(policy),
    modules: { 'request/cors': 'absent-cors' },
  },
  {
    isUsed: hasSockets,
    modules: { 'request/sockets/open-sockets': 'absent-sockets' },
    isDefault: true,
  },
  {
    isUsed: anyRoute(({ graphql }) => graphql !== null),
    modules: { 'graphql/document': 'absent-document' },
  },
  {
    // Answers of a GraphQL endpoint are looked into for entities, or for what a mutation has done.
    isUsed: anyRoute(({ graphql }) => graphql !== null && graphql.entities.size + graphql.mutations.size > 0),
    modules: {
      'graphql/entities/answer-plan': 'absent-answer-plan',
      'graphql/entities/asked-documents': 'absent-asked-documents',
      'request/ask-for-entities': 'absent-ask-for-entities',
      'request/mutation-purges': 'absent-mutation-purges',
    },
  },
  {
    isUsed: anyRoute(({ body }) => body !== null),
    modules: { 'bodies/read-content': 'absent-content' },
  },
  {
    isUsed: anyRoute(({ variants }) => variants !== null),
    modules: { 'identity/variant': 'absent-variant' },
  },
  {
    isUsed: anyRoute(({ hosts }) => hosts.length > 0),
    modules: { 'routing/host-class': 'absent-host-class' },
  },
  {
    isUsed: ({ scopes }) =>
      [...scopes.values()].some(({ parts }) => parts.some(({ kind }) => kind === 'set')),
    modules: { 'identity/claim-set': 'absent-claim-set' },
  },
  {
    isUsed: ({ providers }) => providers.some(({ encryption }) => encryption !== null),
    modules: { 'identity/encrypted/encrypted-tokens': 'absent-encrypted' },
    isDefault: true,
  },
  {
    isUsed: hasTokensIn('packedCookie'),
    modules: { 'identity/token-cookies/packed-cookies': 'absent-packed' },
    isDefault: true,
  },
  {
    isUsed: hasTokensIn('query'),
    modules: { 'http/query-tokens': 'absent-query-tokens' },
    isDefault: true,
  },
  {
    isUsed: ({ purgeHooks }) => purgeHooks.size > 0,
    modules: { 'operator/hooks/receive-hook': 'absent-hooks' },
    isDefault: true,
  },
];

function anyRoute(isUsedBy: (route: Route) => boolean): (policy: Policy) => boolean {
  return ({ routes, fallback }) => routes.some(isUsedBy) || isUsedBy(fallback);
}

function hasSockets({ routes }: Policy): boolean {
  return routes.some(({ websocket }) => websocket !== null);
}

/** Whether a provider looks for tokens in places of that kind. */
function hasTokensIn(kind: string): (policy: Policy) => boolean {
  return ({ providers }) =>
    providers.some(({ credentials }) => credentials.some((place) => place.kind === kind));
}
