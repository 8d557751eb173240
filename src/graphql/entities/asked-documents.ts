import type { GraphqlRule } from '../../policy/graphql-rule.ts';
import type { Envelope } from '../envelope.ts';
import type { AskedDocument, Learning } from '../graphql-operation.ts';
import { sha256Hex } from '../sha256-hex.ts';
import type { SharedMemory } from '../shared-memory.ts';
import { type AnswerPlan, withLearned } from './answer-plan.ts';
import { createLearnedTypes } from './learned-types.ts';

/** What the origin is asked in the place of a document, so that its answer tells of its entities. */
export interface AskedDocuments {
  /** @param write - An envelope as the body or the parameters of a request. */
  ofQuery(
    write: (envelope: Envelope) => string,
    envelope: Envelope,
    digest: string,
    plan: AnswerPlan,
  ): Promise<AskedDocument>;
  /** A mutation goes out as it came, but for the document. */
  ofMutation(body: string, envelope: Envelope, plan: AnswerPlan): Promise<AskedDocument>;
}

/** @param onChange - Called when something else is asked for from now on. */
export function createAskedDocuments(
  rule: Pick<GraphqlRule, 'entities' | 'documents'>,
  shared: SharedMemory | null,
  onChange: () => void,
): AskedDocuments {
  const learned = createLearnedTypes(rule, shared);

  const learningOf = (digest: string, isApplied: boolean): Learning => ({
    isApplied,
    async learn(seen) {
      if (await learned.learn(digest, seen)) onChange();
    },
    async refuse() {
      await learned.refuse(digest);
      onChange();
    },
  });

  return {
    async ofQuery(write, envelope, digest, plan) {
      if (isFixed(envelope, rule) || plan.text === null) return { plan, instead: null, learning: null };
      const canLearn = plan.sets.some((set) => set !== null);
      const more = canLearn ? withLearned(plan, await learned.of(digest), rule) : null;
      const text = more ?? (plan.isChanged ? plan.text : null);
      // The origin has never seen a text with what was learned: it gets it with its hash, though the client sends a hash alone.
      const from = more === null ? envelope : { ...envelope, text };
      const instead = text === null ? null : write(await withText(from, text));
      return { plan, instead, learning: canLearn ? learningOf(digest, more !== null) : null };
    },

    async ofMutation(body, envelope, plan) {
      const { text, isChanged } = plan;
      if (text === null || !isChanged || isFixed(envelope, rule))
        return { plan, instead: null, learning: null };
      const other = await withText(envelope, text);
      const given = JSON.parse(body) as Record<string, unknown>;
      if (other.text !== null) given.query = other.text;
      if (other.hash !== null) {
        const extensions = given.extensions as { persistedQuery: { sha256Hash: string } };
        extensions.persistedQuery.sha256Hash = other.hash;
      }
      return { plan, instead: JSON.stringify(given), learning: null };
    },
  };
}

/** Behind an identifier, or the hash of a trusted document, the origin has a text that nobody can change. */
function isFixed({ id, hash }: Envelope, { documents }: Pick<GraphqlRule, 'documents'>): boolean {
  return id !== null || documents.has(hash ?? '');
}

/** A hash stands for the text that is sent, which the origin learns as it would the client's. */
async function withText(envelope: Envelope, text: string): Promise<Envelope> {
  const hash = envelope.hash === null ? null : await sha256Hex(text);
  return { ...envelope, text: envelope.text === null ? null : text, hash };
}
