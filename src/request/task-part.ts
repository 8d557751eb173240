import type { CacheTask } from '../cache/cache-engine.ts';
import type { FreshnessDecision } from '../cache/freshness/freshness-decision.ts';
import { readAnswer } from '../graphql/answer-facts.ts';
import type { FoundEntities } from '../graphql/entities/find-entities.ts';
import type { ReadEntities } from '../graphql/entities/read-entities.ts';
import {
  everyTypeKey,
  lifetimeFor,
  withHints,
  withLifetime,
  withLongestLifetime,
} from '../graphql/type-lifetimes.ts';
import type { NamedFields } from '../http/fields.ts';
import { anyEntityKey } from '../keys/surrogate-key.ts';
import type { CacheDecision } from '../lanes/decision.ts';
import type { GraphqlRule } from '../policy/graphql-rule.ts';
import type { FreshnessRule } from '../policy/routes/route.ts';

type Asked = Pick<CacheDecision, 'operation' | 'route' | 'surrogateKeys' | 'partition'>;

/** What a task is for a query, and by which rule an answer's headers are evaluated. */
type TaskPart = Pick<CacheTask, 'surrogateKeys' | 'sentinelKeys' | 'inspectBytes'> & {
  readonly rule: FreshnessRule;
};

/** The keys and lifetimes of a task: the route's, or those of the policy's types and fields that a GraphQL query asks for. */
export function taskPart({ operation, route, surrogateKeys }: Asked): TaskPart {
  const { graphql, freshness } = route;
  if (operation === null || graphql === null) {
    return { surrogateKeys, sentinelKeys: surrogateKeys, inspectBytes: null, rule: freshness };
  }
  const { fields } = operation;
  return {
    surrogateKeys: [...surrogateKeys, ...lifetimeFor(graphql, fields, []).surrogateKeys],
    sentinelKeys: [...surrogateKeys, ...everyTypeKey(graphql)],
    inspectBytes: graphql.limits.answerBytes,
    rule: withLongestLifetime(freshness, graphql, fields),
  };
}

/**
 * The final decision on an answer, by what is in it.
 *
 * @param bytes - null: it is longer than is looked into.
 * @param entities - What was found in it before the edge took out what it had added; null: it may hold any entity of the policy.
 */
export async function evaluateAnswer(
  { operation, route, partition }: Asked,
  headers: NamedFields,
  bytes: Uint8Array | null,
  entities: ReadEntities | null,
  evaluateBy: (rule: FreshnessRule) => FreshnessDecision,
): Promise<FreshnessDecision> {
  const { graphql, freshness } = route;
  if (operation === null || graphql === null) return evaluateBy(freshness);
  const answer =
    bytes === null
      ? { kind: 'unseen' as const }
      : (entities?.facts() ?? (await readAnswer(headers, bytes, graphql.limits.answerBytes)));
  const { types, keys } = entitiesOf(graphql, entities);
  if (answer.kind !== 'data' || types === null) {
    const verdict = evaluateBy(withLifetime(freshness, lifetimeFor(graphql, operation.fields, [])));
    const kind = answer.kind === 'errors' ? 'errors' : 'unseen';
    return { ...verdict, store: false, ttlSeconds: 0, reason: `graphql-${kind}` };
  }
  const said = withHints(lifetimeFor(graphql, operation.fields, [...answer.types, ...types]), answer.hints);
  const verdict = evaluateBy(withLifetime(freshness, said));
  if (answer.hints.isPrivate && (partition === null || partition.shared)) {
    return { ...verdict, store: false, ttlSeconds: 0, reason: 'private' };
  }
  const all = new Set([...keys, ...said.surrogateKeys, ...verdict.originSurrogateKeys]);
  return { ...verdict, originSurrogateKeys: [...all] };
}

/** Types and keys of the entities in an answer: of a type that one for all of which it may hold some. */
function entitiesOf(
  { entities }: GraphqlRule,
  found: FoundEntities | null,
): { readonly types: readonly string[] | null; readonly keys: readonly string[] } {
  const unnamed = found === null ? [...entities.keys()] : found.unnamed;
  const types = found === null ? [] : found.types;
  return {
    types: types && [...types, ...unnamed],
    keys: [...(found?.keys ?? []), ...unnamed.map(anyEntityKey)],
  };
}
