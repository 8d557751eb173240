import { compilePolicy } from '../../src/policy/compile.ts';
import type { Policy, PolicyInput } from '../../src/policy/policy.ts';
import { type Draft, Todo } from './draft.ts';

/** The draft as if every open question were answered: for a look at it, never to be written. */
export function filledIn(draft: Draft): PolicyInput {
  return fill(draft) as PolicyInput;
}

/** @throws {PolicyError} where the policy is not valid, whatever the answers are. */
export function compiledDraft(draft: Draft): Policy {
  return compilePolicy(filledIn(draft));
}

function fill(value: unknown): unknown {
  if (value instanceof Todo) return value.standIn;
  if (Array.isArray(value)) return value.map(fill);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner)]));
}

/** What is open in a draft, in its order. */
export function todosOf(value: unknown): readonly Todo[] {
  if (value instanceof Todo) return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(todosOf);
}
