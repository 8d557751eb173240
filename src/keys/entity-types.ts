import type { Policy } from '../policy/policy.ts';

/** Types of a policy's GraphQL endpoints whose objects can be purged one by one. */
export function entityTypes({ routes }: Pick<Policy, 'routes'>): readonly string[] {
  const types = new Set<string>();
  for (const { graphql } of routes) for (const type of graphql?.entities.keys() ?? []) types.add(type);
  return [...types];
}
