import { freshness } from '../cache/freshness/freshness.ts';
import type { FreshnessDecision } from '../cache/freshness/freshness-decision.ts';
import { EdgeError } from '../errors.ts';
import { lifetimeFor, withLifetime } from '../graphql/type-lifetimes.ts';
import type { NamedFields } from '../http/fields.ts';
import type { CacheDecision } from '../lanes/decision.ts';
import type { FreshnessRule } from '../policy/routes/route.ts';

/** What an origin answered to a request of a cacheable lane. */
export interface OriginResponse {
  readonly status: number;
  /** Untouched. */
  readonly headers: NamedFields;
  readonly requestedAtMs: number;
  readonly nowMs: number;
}

/**
 * What the edge makes of an origin's answer: whether it may be stored, and for how long.
 *
 * @throws {EdgeError} ERR_ORIGIN_IDENTITY: the page is neither stored nor shown.
 */
export function evaluateResponse(
  path: string,
  decision: Pick<CacheDecision, 'lane' | 'route' | 'partition'>,
  tokenExpiresAtSeconds: number | null,
  answer: OriginResponse,
  rule: FreshnessRule,
): FreshnessDecision {
  checkAssertion(answer, decision);
  const { lane, partition } = decision;
  return freshness({
    lane,
    shared: partition === null || partition.shared,
    rule,
    path,
    tokenExpiresAtSeconds: partition === null ? null : tokenExpiresAtSeconds,
    ...answer,
  });
}

/** Of a GraphQL query as far as its fields tell: what types are in the answer stands in its body. */
export function ruleOf({
  operation,
  route: { graphql, freshness },
}: Pick<CacheDecision, 'operation' | 'route'>): FreshnessRule {
  return operation === null || graphql === null
    ? freshness
    : withLifetime(freshness, lifetimeFor(graphql, operation.fields, []));
}

/**
 * Where the policy names the origin's own word for whose page it is, it has to be the one that was asked for. Error
 * answers say nothing of anybody.
 */
function checkAssertion(
  { status, headers }: OriginResponse,
  { route, partition }: Pick<CacheDecision, 'route' | 'partition'>,
): void {
  const name = route.scope?.assertedBy ?? null;
  if (name === null || partition === null || status >= 400) return;
  if (headers.get(name) === String(partition.values[0])) return;
  const why = headers.has(name) ? 'names somebody else' : 'is missing';
  throw new EdgeError('ERR_ORIGIN_IDENTITY', { cause: new Error(`the response header ${name} ${why}`) });
}
