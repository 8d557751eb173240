import { createEdgeMemory } from '../identity/edge-memory.ts';
import { createFetchKeys } from '../identity/fetch-keys.ts';
import { createIdentify, type Identify } from '../identity/identify.ts';
import { partitionOf } from '../identity/partition.ts';
import { clientNetwork } from '../keys/client-network.ts';
import type {
  IdentityResult,
  Partition,
  Platform,
  Policy,
  RequestContext,
  RequestFacts,
  Route,
  Visitor,
} from '../types.ts';
import type { Journal } from './journal.ts';

/** Whose request it is: what the credential turned out to be, and the scope filled with that. */
export interface Whose {
  /** null where the route has no scope. */
  readonly outcome: IdentityResult | null;
  /** null where a value of the scope cannot be used. */
  readonly partition: Partition | null;
}

/** The identity room, on the platform's ports. */
export function identifyOn(platform: Platform, { limits }: Policy): Identify {
  const { coreCache } = platform;
  return createIdentify({
    secret: platform.secret,
    config: (store, item) => platform.config(store)(item),
    tokenBytes: limits.tokenBytes,
    fetchKeys: createFetchKeys(platform.fetchOrigin),
    edgeMemory: coreCache === null ? null : createEdgeMemory(coreCache),
    readKv: platform.readKv,
  });
}

/** A function that asks the identity room on behalf of one request. */
export function createWhose(
  platform: Platform,
  identify: Identify,
): (context: RequestContext, facts: RequestFacts, route: Route, journal: Journal) => Promise<Whose> {
  const { nowMs } = platform;

  return async function whose({ clientAddress }, facts, { scope, revocation, badTokenLimit }, journal) {
    // A preflight carries no credential of its own, and is never authenticated.
    if (scope === null || facts.method === 'OPTIONS') return { outcome: null, partition: null };
    const startedMs = nowMs();
    const limit =
      badTokenLimit === null || clientAddress === null
        ? null
        : { client: clientNetwork(clientAddress), limiter: platform.limiter(badTokenLimit) };
    const outcome = await identify(facts.headers, scope, startedMs, { revocation, limit });
    journal.note({ verifyMs: nowMs() - startedMs });
    if (outcome.kind === 'verified') {
      const { identity } = outcome;
      journal.note({ provider: identity.provider, algorithm: identity.algorithm });
      return { outcome, partition: partitionOf(identity, scope, visitorOf(clientAddress, facts)) };
    }
    const isOpen = outcome.kind === 'unverified';
    return { outcome, partition: isOpen ? partitionOf(null, scope, visitorOf(clientAddress, facts)) : null };
  };

  function visitorOf(clientAddress: string | null, { headers }: RequestFacts): Visitor {
    return {
      headers,
      country: () => (clientAddress === null ? null : platform.country(clientAddress)),
      device: () => platform.device(headers.get('user-agent') ?? ''),
    };
  }
}
