import type { GraphqlOperation } from '../../../src/graphql/graphql-operation.ts';
import type { Identity, IdentityResult } from '../../../src/identity/identity.ts';
import { partitionOf } from '../../../src/identity/partition-of.ts';
import { decideLane } from '../../../src/lanes/decide-lane.ts';
import type { Decision } from '../../../src/lanes/decision.ts';
import type { DecideInput } from '../../../src/lanes/lane-input.ts';
import type { RequestFacts } from '../../../src/lanes/request-facts.ts';
import type { Switches } from '../../../src/lanes/switches.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { Policy, PolicyInput } from '../../../src/policy/policy.ts';
import type { Route } from '../../../src/policy/routes/route.ts';
import { normalizeRequest } from '../../../src/request/normalize-request.ts';
import { routerOf } from '../../../src/routing/matchers.ts';

export const POLICY: PolicyInput = {
  origins: {
    app: { backend: 'origin' },
    media: { backend: 'media', paths: ['/media/**'], hostHeader: 'media.test' },
  },
  cms: { cookies: ['cms_session'], paths: ['/preview/**'] },
  providers: {
    app: {
      credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }],
      algorithms: ['HS256'],
      keys: { secretStore: 's', item: 'k', format: 'raw' },
    },
  },
  scopes: { user: { claims: 'sub' }, team: { claims: ['tenant.id', 'role'], shared: true } },
  routes: {
    orders: { path: '/api/orders', scope: 'user', vary: ['X-Variant'] },
    order: {
      path: '/api/orders/:id',
      scope: 'user',
      purgeOnWrite: false,
      forwardClaims: { 'x-user-id': 'sub' },
    },
    payment: { path: '/api/payment', scope: 'user', cache: false },
    report: { path: '/api/report', scope: 'team' },
    open: { path: '/api/open', scope: 'user', onMissing: 'public', onInvalid: 'pass' },
    either: { path: '/api/either', scope: 'user', onMissing: 'public', onInvalid: 'public' },
    avatar: { path: '/api/orders/avatar/:id', lane: 'public' },
    hidden: { path: '/hidden', scope: 'user', forwardCredential: false },
    live: { path: '/live', lane: 'pass' },
    assets: { path: '/assets/**', lane: 'public', query: 'none' },
    search: { path: '/search', lane: 'public', query: ['q'] },
    graphql: { path: '/graphql', scope: 'user', graphql: true },
    asking: {
      path: '/graphql/asking',
      scope: 'user',
      onMissing: 'public',
      query: ['v'],
      graphql: { unknownHash: 'ask' },
    },
    public_graphql: { path: '/graphql/public', lane: 'public', graphql: { unknownHash: 'ask' } },
  },
  ignoreQuery: ['utm_*', 'gclid'],
};

export const policy = compilePolicy(POLICY);
export const router = routerOf(policy);

export const ALICE: Identity = {
  provider: 'app',
  algorithm: 'HS256',
  keyId: null,
  claims: { sub: '42', tenant: { id: 'acme' }, role: 'member' },
  expiresAtSeconds: 2_000_000_000,
  credentialSource: { kind: 'header', name: 'authorization', scheme: 'bearer' },
};
export const verified = (identity: Identity = ALICE): IdentityResult => ({ kind: 'verified', identity });

export function factsOf(target: string, init: RequestInit = {}, of: Policy = policy): RequestFacts {
  const request = new Request(`http://www.test${target}`, init);
  // A Request of Node normalises the target; the platform's does not.
  const raw = {
    method: request.method,
    headers: request.headers,
    url: `http://www.test${target}`,
  } as Request;
  return normalizeRequest(raw, of);
}

const SWITCHES: Switches = {
  all: 'on',
  route: () => 'on',
  lane: () => 'on',
  keyVersion: '',
  engine: 'auto',
  https: null,
};

/** From a request to its decision, the way app goes. */
export function decisionOf(
  target: string,
  init: RequestInit & {
    identity?: IdentityResult | null;
    switches?: Partial<Switches>;
    operation?: GraphqlOperation;
  } = {},
): Decision {
  const { identity = null, switches, operation = null, ...request } = init;
  const facts = { ...factsOf(target, request), operation };
  const { route, isLookalike, isCmsPath, folded, also } = router.resolve(facts.path);
  const outcome = route.scope === null ? null : (identity ?? { kind: 'missing' });
  const partitionFor = ({ scope }: Route) =>
    outcome?.kind === 'verified' && scope !== null ? partitionOf(outcome.identity, scope) : null;
  const input: DecideInput = {
    policy,
    facts,
    route,
    isCmsPath,
    isLookalike,
    folded,
    also: also.map((other) => ({ route: other, identity: outcome, partition: partitionFor(other) })),
    identity: outcome,
    partition: partitionFor(route),
    switches: { ...SWITCHES, ...switches },
  };
  return decideLane(input);
}
