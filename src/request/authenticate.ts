import { createEdgeMemory } from '../identity/edge-memory.ts';
import { createFetchKeys } from '../identity/fetch-keys.ts';
import { createIdentify, type Identify } from '../identity/identify.ts';
import { partitionOf } from '../identity/partition.ts';
import { clientNetwork } from '../keys/client-network.ts';
import type { Algorithm } from '../policy/input-identity.ts';
import type { RequestFacts } from '../types/decision.ts';
import type { IdentityResult, Partition, Visitor } from '../types/identity.ts';
import type { Platform } from '../types/platform.ts';
import type { Policy, RateRule, Route } from '../types/policy.ts';

/** Whose request it is: what the credential turned out to be, and the scope filled with that. */
export interface Whose {
  /** null where the route has no scope. */
  readonly outcome: IdentityResult | null;
  /** null where a value of the scope cannot be used. */
  readonly partition: Partition | null;
}

/** What identifying needs of the world: everything of it can be had on Node, too. */
export type WhosePlatform = Pick<
  Platform,
  'nowMs' | 'coreCache' | 'secret' | 'config' | 'fetchOrigin' | 'readKv' | 'limiter' | 'country' | 'device'
>;

/** Who asks. */
export interface Client {
  readonly address: string | null;
  /** false: only looked at, so that a bad token is not counted against the client. */
  readonly isCounted: boolean;
}

/** What the journal is told. */
export interface WhoseNote {
  readonly verifyMs?: number;
  readonly provider?: string;
  readonly algorithm?: Algorithm;
  readonly refusedCookies?: number;
  /** Of a provider's keys: told by itself, and written as a line of its own. */
  readonly keyTrouble?: string;
}

/** What is asked of a request: a route, or what stands for one. */
export type WhoseRule = Pick<Route, 'scope' | 'revocation' | 'badTokenLimit'>;

export type AskWhose = (
  client: Client,
  facts: RequestFacts,
  rule: WhoseRule,
  note: (facts: WhoseNote) => void,
) => Promise<Whose>;

/** The identity room, on the platform's ports. */
export function identifyOn(platform: WhosePlatform, { limits }: Pick<Policy, 'limits'>): Identify {
  const { coreCache } = platform;
  return createIdentify({
    secret: platform.secret,
    config: platform.config,
    tokenBytes: limits.tokenBytes,
    fetchKeys: createFetchKeys(platform.fetchOrigin),
    edgeMemory: coreCache === null ? null : createEdgeMemory(coreCache),
    readKv: platform.readKv,
  });
}

/** A function that asks the identity room on behalf of one request. */
export function createWhose(platform: WhosePlatform, identify: Identify): AskWhose {
  const { nowMs } = platform;

  return async function whose(client, facts, { scope, revocation, badTokenLimit }, note) {
    // A preflight carries no credential of its own, and is never authenticated.
    if (scope === null || facts.method === 'OPTIONS') return { outcome: null, partition: null };
    const startedMs = nowMs();
    const limit = badTokenLimit === null ? null : limitOf(client, badTokenLimit);
    const { headers, cookies } = facts;
    const outcome = await identify(headers, scope, startedMs, {
      revocation,
      limit,
      cookies,
      tell: (keyTrouble) => note({ keyTrouble }),
    });
    note({ verifyMs: nowMs() - startedMs });
    if (outcome.kind === 'verified') {
      const { identity } = outcome;
      note({ provider: identity.provider, algorithm: identity.algorithm });
      return { outcome, partition: partitionOf(identity, scope, visitorOf(client, facts)) };
    }
    const isOpen = outcome.kind === 'unverified';
    return { outcome, partition: isOpen ? partitionOf(null, scope, visitorOf(client, facts)) : null };
  };

  function limitOf({ address, isCounted }: Client, rule: RateRule) {
    if (address === null) return null;
    const limiter = platform.limiter(rule);
    return {
      client: clientNetwork(address),
      limiter: isCounted
        ? limiter
        : { isBlocked: (who: string) => limiter.isBlocked(who), count: () => false },
    };
  }

  function visitorOf({ address }: Client, { headers, cookies }: RequestFacts): Visitor {
    return {
      headers,
      cookies,
      country: () => (address === null ? null : platform.country(address)),
      device: () => platform.device(headers.get('user-agent') ?? ''),
    };
  }
}
