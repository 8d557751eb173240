import { cacheKey } from '../keys/cache-key.ts';
import type { Partition } from '../keys/partition.ts';
import { canonicalQuery } from '../keys/query.ts';
import type { Route } from '../policy/routes/route.ts';
import type { CacheDecision, PassDecision } from './decision.ts';
import type { Reason } from './lane.ts';
import type { DecideInput } from './lane-input.ts';

/** What the key of a cacheable lane is made of, and the key. */
export function cached(
  { facts, route, policy, switches }: DecideInput,
  partition: Partition | null,
): Pick<CacheDecision, 'route' | 'cacheKey' | 'partition' | 'target' | 'operation' | 'content'> {
  const operation = facts.operation?.kind === 'query' ? facts.operation : null;
  const content = facts.content?.kind === 'keyed' ? facts.content : null;
  const query = canonicalQuery(operation?.rest ?? facts.query, route.query, policy.ignoreQuery);
  const targetOf = (...parts: readonly string[]) => {
    const text = parts.filter((part) => part !== '').join('&');
    return text === '' ? facts.path : `${facts.path}?${text}`;
  };
  return {
    route,
    partition,
    operation,
    content,
    target: targetOf(query, operation?.parameters ?? ''),
    cacheKey: cacheKey({
      keyVersion: switches.keyVersion,
      scheme: facts.scheme,
      host: facts.host,
      // The parameters of a GraphQL query are in its digest, where two spellings of one document are the same.
      target: targetOf(query),
      partition,
      varyValues: route.vary.map((name) => facts.headers.get(name)),
      bodyDigest: operation?.digest ?? content?.digest ?? null,
      variant: facts.variant?.key,
    }),
  };
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
