import { readAnswer } from '../graphql/answer.ts';
import { declared, everyTypeKey, withLifetime, withLongestLifetime } from '../graphql/lifetimes.ts';
import type { CacheDecision } from '../types/decision.ts';
import type { FreshnessRule } from '../types/policy.ts';
import type { BodyInspection, CacheTask } from '../types/readthrough.ts';

/**
 * What a GraphQL query adds to a task: the keys and lifetimes of the policy's types and fields, and the look into the answer
 * before it is stored. null: it is none.
 */
export function graphqlPart(
  { operation, route, surrogateKeys }: Pick<CacheDecision, 'operation' | 'route' | 'surrogateKeys'>,
  decideBy: (rule: FreshnessRule) => CacheTask['decide'],
): Pick<CacheTask, 'surrogateKeys' | 'sentinelKeys' | 'decide' | 'inspection'> | null {
  const { graphql: rule, freshness } = route;
  if (operation === null || rule === null) return null;
  const { fields } = operation;
  const limitBytes = rule.limits.answerBytes;

  const judge: BodyInspection['judge'] = async (status, headers, requestedAtMs, bytes) => {
    const answer =
      bytes === null ? { kind: 'unseen' as const } : await readAnswer(headers, bytes, limitBytes);
    const said = declared(rule, fields, answer.kind === 'data' ? answer.types : []);
    const verdict = decideBy(withLifetime(freshness, said))(status, headers, requestedAtMs);
    if (answer.kind !== 'data') {
      return { ...verdict, store: false, ttlSeconds: 0, reason: `graphql-${answer.kind}` };
    }
    const originSurrogateKeys = [...new Set([...said.surrogateKeys, ...verdict.originSurrogateKeys])];
    return { ...verdict, originSurrogateKeys };
  };

  return {
    surrogateKeys: [...surrogateKeys, ...declared(rule, fields, []).surrogateKeys],
    sentinelKeys: [...surrogateKeys, ...everyTypeKey(rule)],
    decide: decideBy(withLongestLifetime(freshness, rule, fields)),
    inspection: { limitBytes, judge },
  };
}
