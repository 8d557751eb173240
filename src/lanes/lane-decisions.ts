import { cacheKey } from '../keys/cache-key.ts';
import type { Partition } from '../keys/partition.ts';
import { canonicalQuery } from '../keys/query.ts';
import type { Route } from '../policy/routes/route.ts';
import type { CacheDecision, PassDecision } from './decision.ts';
import type { Reason } from './lane.ts';
import type { DecideInput } from './lane-input.ts';

/** A cacheable lane, with the key of the request. Written out: a copy by `...` costs as much as all the rest of it. */
export function cached(
  { facts, route, policy, switches }: DecideInput,
  partition: Partition | null,
  lane: CacheDecision['lane'],
  reason: Reason,
  surrogateKeys: readonly string[],
): CacheDecision {
  const operation = facts.operation?.kind === 'query' ? facts.operation : null;
  const content = facts.content?.kind === 'keyed' ? facts.content : null;
  const query = canonicalQuery(operation?.rest ?? facts.query, route.query, policy.ignoreQuery);
  const target = withQuery(facts.path, query);
  const parameters = operation?.parameters ?? '';
  return {
    lane,
    reason,
    route,
    partition,
    operation,
    content,
    surrogateKeys,
    target: parameters === '' ? target : withQuery(target, parameters, query === '' ? '?' : '&'),
    cacheKey: cacheKey({
      keyVersion: switches.keyVersion,
      scheme: facts.scheme,
      host: facts.host,
      // The parameters of a GraphQL query are in its digest, where two spellings of one document are the same.
      target,
      partition,
      varyValues: route.vary.map((name) => facts.headers.get(name)),
      bodyDigest: operation?.digest ?? content?.digest ?? null,
      variant: facts.variant?.key,
    }),
  };
}

function withQuery(path: string, query: string, separator = '?'): string {
  return query === '' ? path : `${path}${separator}${query}`;
}

/** To the origin and back; by default nobody may keep the answer. */
export function pass(
  route: Route,
  reason: Reason,
  more: Partial<Omit<PassDecision, 'lane' | 'route' | 'reason'>> = {},
): PassDecision {
  return {
    lane: 'pass',
    reason,
    route,
    authenticated: false,
    noStore: true,
    partition: null,
    anonymous: false,
    purgeAfterWrite: [],
    detail: '',
    observed: null,
    ...more,
  };
}
