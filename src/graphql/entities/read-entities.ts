import type { NamedFields } from '../../http/fields.ts';
import type { GraphqlRule } from '../../policy/graphql-rule.ts';
import { type AnswerFacts, answerFacts, plainJson } from '../answer-facts.ts';
import type { AnswerPlan } from './answer-plan.ts';
import { type FoundEntities, findEntities, withoutAdded } from './find-entities.ts';

/** An answer that was looked into. */
export interface ReadEntities extends FoundEntities {
  /** Without the members that the edge has added; null: there was none. */
  readonly bytes: Uint8Array | null;
  /** What `readAnswer` says of it, without reading it again: no member that the edge has added is called `__typename`. */
  readonly facts: () => AnswerFacts;
  /** Whether its errors may be those of what the edge has added: nothing was executed, or one of them names it. */
  readonly mayBeRefused: boolean;
  /** Whether a member of `data` is not there, or null for an error. */
  readonly hasFailed: (member: string) => boolean;
}

/** Finds what is in an answer, and takes out what the edge has added; null: it is no JSON of GraphQL, or longer than the limit. */
export async function readEntities(
  headers: NamedFields,
  bytes: Uint8Array,
  limitBytes: number,
  plan: AnswerPlan,
  rule: Pick<GraphqlRule, 'entities' | 'limits'>,
): Promise<ReadEntities | null> {
  const read = await plainJson(headers, bytes, limitBytes);
  if (read === null) return null;
  const { answer, text } = read;
  const data = 'data' in answer && typeof answer.data === 'object' ? answer.data : null;
  const hasErrors = 'errors' in answer && answer.errors !== null;
  const found = findEntities(data, plan, rule);
  const { added } = found;
  return {
    ...found,
    facts: () => answerFacts(read),
    mayBeRefused: hasErrors && (data === null || JSON.stringify(answer.errors).includes(plan.mark)),
    bytes: added === 0 ? null : new TextEncoder().encode(withoutAdded(text, answer, plan.mark, added)),
    hasFailed(member) {
      if (data === null || !Object.hasOwn(data, member)) return true;
      return (data as Record<string, unknown>)[member] === null && hasErrors;
    },
  };
}
