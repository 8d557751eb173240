import { anyEntityKey } from '../keys/surrogate-key.ts';
import { isWrite } from '../lanes/lane-facts.ts';
import type { AnswerReading } from './look-into-answer.ts';
import type { PassPlan } from './planned-request.ts';

/**
 * What a write on a GraphQL endpoint purges beside the identity: the entities that its own answer names, and what the policy says of its root
 * fields, where they did not fail. Anybody may send a mutation: nothing else can be emptied by one.
 *
 * @param status - Of the answer: with an error nothing is named.
 */
export function mutationPurges(
  { facts, route: { graphql } }: Pick<PassPlan, 'facts' | 'route'>,
  { current: read }: AnswerReading,
  status: number,
): readonly string[] {
  if (graphql === null || !isWrite(facts) || status >= 400) return [];
  const { operation } = facts;
  const { mutations, entities } = graphql;
  const ofAny = mutations.get('*') ?? [];
  const roots = operation?.kind === 'mutation' ? (operation.roots ?? []) : null;
  if (roots === null) return ofAny;
  const made = roots.filter(([member]) => read === null || !read.hasFailed(member));
  const keys = made.length === 0 && roots.length > 0 ? [] : [...ofAny];
  for (const [, field] of made) keys.push(...(mutations.get(field) ?? []));
  if (read !== null && read.keys.length > 0) {
    keys.push(...read.keys);
    // What is on its way may hold one of them, and so may what holds too many to name.
    for (const type of entities.keys()) if (read.types?.includes(type)) keys.push(anyEntityKey(type));
  }
  return [...new Set(keys)];
}
