import { plantSentinel } from '../cache/sentinel.ts';
import { clientNetwork } from '../http/client-network.ts';
import { createEdgeKv } from '../identity/edge-kv.ts';
import { createFetchKeys } from '../identity/fetch-keys.ts';
import { createIdentify, type Identify } from '../identity/identify.ts';
import type { IdentityResult } from '../identity/identity.ts';
import { createLookup } from '../identity/lookup/by-asking.ts';
import type { Lookup } from '../identity/lookup/lookup.ts';
import { isToBePrepared, knownPartition, partitionOf, preparePartition } from '../identity/partition-of.ts';
import type { Partition } from '../keys/partition.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import { bothLimiters, createFloorLimiter } from '../operator/floor-limiter.ts';
import type { Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';
import type { RateRule } from '../policy/rate-limits.ts';
import type { Route } from '../policy/routes/route.ts';
import type { LogRecord } from './log-record.ts';
import { visitorOf } from './visitor.ts';

/** What the log tells of a verification. */
export type VerificationLog = Pick<LogRecord, 'verifyMs' | 'provider' | 'algorithm'>;

/** What a credential turned out to be, and the scope filled with that. */
export interface AuthResult {
  /** null where the route has no scope. */
  readonly outcome: IdentityResult | null;
  /** null where a value of the scope cannot be used. */
  readonly partition: Partition | null;
  /** What the log tells of it. */
  readonly log: VerificationLog;
  /** Of a provider's keys. */
  readonly keyTroubles: readonly string[];
}

/** What identifying needs of the world: all of it is there on Node, too. */
export type IdentityPlatform = Pick<
  Platform,
  'nowMs' | 'coreCache' | 'secret' | 'config' | 'fetchOrigin' | 'readKv' | 'limiter' | 'country' | 'device'
>;

/** Who asks. */
export interface Client {
  readonly address: string | null;
  /** false: only looked at, so that a bad token is not counted against the client. */
  readonly isCounted: boolean;
}

/** What a request has to satisfy: a route, or what stands for one. */
export type AuthRule = Pick<Route, 'scope' | 'revocation' | 'badTokenLimit'> &
  Partial<Pick<Route, 'otherSchemes'>>;

export type Authenticate = (client: Client, facts: RequestFacts, rule: AuthRule) => Promise<AuthResult>;

/** Identification, on the platform's ports. */
export function identifyOn(
  platform: IdentityPlatform,
  { limits }: Pick<Policy, 'limits'>,
  lookup: Lookup | null,
): Identify {
  const { coreCache } = platform;
  return createIdentify({
    lookup,
    secret: platform.secret,
    config: platform.config,
    tokenBytes: limits.tokenBytes,
    fetchKeys: createFetchKeys(platform.fetchOrigin),
    edgeKv: coreCache === null ? null : createEdgeKv(coreCache),
    readKv: platform.readKv,
  });
}

/** The look-up of credentials that say nothing by themselves; null where no provider of the policy has such. */
export function lookupOn(
  platform: IdentityPlatform,
  { providers, scopes, stores }: Pick<Policy, 'providers' | 'scopes' | 'stores'>,
): Lookup | null {
  const { coreCache, nowMs, secret, fetchOrigin } = platform;
  return createLookup({
    cache: coreCache,
    fetchOrigin,
    secret,
    stores,
    providers,
    scopes: [...scopes.values()],
    // Locally, and where the service has no such counter, the floor is all there is.
    limiter: (rule) => bothLimiters(createFloorLimiter(rule, nowMs, coreCache), platform.limiter(rule)),
    sentinel: (key, keys) =>
      coreCache === null ? { isIntact: () => false } : plantSentinel(coreCache, key, keys),
  });
}

const NOTHING: readonly string[] = [];
export const NOT_ASKED: AuthResult = {
  outcome: null,
  partition: null,
  log: { verifyMs: null, provider: null, algorithm: null },
  keyTroubles: NOTHING,
};

function lookupClient({ address, isCounted }: Client) {
  return { network: `session:${address === null ? '' : clientNetwork(address)}`, isCounted };
}

/** A function that looks at the credential of one request, for one route. */
export function createAuthenticate(
  platform: IdentityPlatform,
  identify: Identify,
  hasLookup: boolean,
): Authenticate {
  const { nowMs } = platform;

  return async function authenticate(client, facts, rule) {
    const { scope, revocation, badTokenLimit, otherSchemes } = rule;
    // A preflight carries no credential of its own, and is never authenticated.
    if (scope === null || facts.method === 'OPTIONS') return NOT_ASKED;
    const startedMs = nowMs();
    const limit = badTokenLimit === null ? null : limitOf(client, badTokenLimit);
    const { headers, cookies, queryTokens } = facts;
    let keyTroubles = NOTHING;
    const tell = (trouble: string) => {
      keyTroubles = [...keyTroubles, trouble];
    };
    const options = {
      revocation,
      limit,
      cookies,
      tell,
      queryTokens,
      otherSchemes,
      client: hasLookup ? lookupClient(client) : undefined,
    };
    const outcome = await identify(headers, scope, startedMs, options);
    const verifyMs = nowMs() - startedMs;
    const identity = outcome.kind === 'verified' ? outcome.identity : null;
    const log = { verifyMs, provider: identity?.provider ?? null, algorithm: identity?.algorithm ?? null };
    if (identity === null && outcome.kind !== 'unverified')
      return { outcome, partition: null, log, keyTroubles };
    const filled = outcome.kind === 'verified' ? (outcome.filledScopes ?? null) : null;
    let partition = knownPartition(scope, filled);
    if (partition === null) {
      const visitor = visitorOf(platform, client.address, facts);
      if (isToBePrepared(identity, scope)) await preparePartition(identity, scope, visitor);
      partition = partitionOf(identity, scope, visitor, filled);
    }
    return { outcome, partition, log, keyTroubles };
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
}
