import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { BoundedMap } from '../keys/bounded-map.ts';
import type { GraphqlRule } from '../policy/graphql-rule.ts';
import { type AnswerPlan, answerPlan, emptyPlan } from './entities/answer-plan.ts';
import type { RootField } from './graphql-operation.ts';
import { nestsDeeper } from './nesting.ts';
import { fragmentsOf, responseKey, selectionsOf } from './selections.ts';
import { sha256Hex } from './sha256-hex.ts';

/** What a document turned out to be; plain, so that it can be remembered beyond a sandbox. */
export type DocumentFacts =
  | {
      readonly kind: 'query';
      /** Hex SHA-256 of the syntax tree: white space, comments and commas do not count, everything else does. */
      readonly digest: string;
      /** Root fields by name, sorted, unique. */
      readonly fields: readonly string[];
      /** How entities in its answer are found; null: the policy has none, or it cannot be told. */
      readonly plan: AnswerPlan | null;
    }
  | {
      readonly kind: 'mutation';
      /** Where the policy asks for them. */
      readonly roots?: readonly RootField[];
      readonly plan?: AnswerPlan;
    }
  | { readonly kind: 'subscription' | 'unsupported' };

type Rule = Pick<GraphqlRule, 'limits' | 'entities' | 'mutations'>;

/** Directives with which an answer comes in parts, or goes on, in a syntax tree as JSON: what a string says is escaped there. */
const IN_PARTS = /"kind":"Directive","name":\{"kind":"Name","value":"(?:defer|stream|live)"/;
const MAX_REMEMBERED = 256;
/** Longer texts are rare, and would make the memory large. */
const MAX_REMEMBERED_LENGTH = 16_384;

/** A function that reads documents, each text once. null: it does not parse, or not within the limits. */
export function createReadDocument(rule: Rule): (text: string) => Promise<DocumentFacts | null> {
  // What does not parse is free to make: it must not push out what does.
  const good = new BoundedMap<string, DocumentFacts>(MAX_REMEMBERED);
  const bad = new BoundedMap<string, null>(MAX_REMEMBERED);
  return async function readDocument(text) {
    const known = good.get(text) ?? bad.get(text);
    if (known !== undefined) return known;
    const facts = await read(text, rule);
    if (text.length <= MAX_REMEMBERED_LENGTH) {
      if (facts === null) bad.set(text, null);
      else good.set(text, facts);
    }
    return facts;
  };
}

async function read(text: string, rule: Rule): Promise<DocumentFacts | null> {
  const { tokens, depth } = rule.limits;
  if (nestsDeeper(text, depth, tokens)) return null;
  let document: DocumentNode;
  try {
    document = parse(text, { noLocation: true, maxTokens: tokens });
  } catch {
    return null;
  }
  const operations = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? [node] : [],
  );
  const [only] = operations;
  const hasMutation = operations.some(({ operation }) => operation === 'mutation');
  const isLooked = rule.entities.size + rule.mutations.size > 0;
  if (hasMutation && (operations.length > 1 || !isLooked)) return { kind: 'mutation' };
  if (operations.some(({ operation }) => operation === 'subscription')) return { kind: 'subscription' };
  // A schema beside the query is nothing that can be executed.
  const isExecutable = document.definitions.every(
    ({ kind }) => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION,
  );
  if (only === undefined || !isExecutable) return hasMutation ? { kind: 'mutation' } : null;
  // Each part of the tree stands there, and two trees are never the same text. A lone surrogate is escaped.
  const tree = JSON.stringify(document);
  const inParts = IN_PARTS.test(tree);
  if (!hasMutation && (operations.length > 1 || inParts)) return { kind: 'unsupported' };
  const digest = await sha256Hex(tree);
  const roots = rootFields(only.selectionSet, document);
  const plan = inParts ? null : answerPlan(text, document, only.selectionSet, digest, rule);
  // Whether it has failed is looked at in any case.
  if (hasMutation) return { kind: 'mutation', roots, plan: plan ?? emptyPlan(digest) };
  return { kind: 'query', digest, fields: [...new Set(roots.map(([, field]) => field))].sort(), plan };
}

/** The fields of the root type: a fragment there can only be on that type, or on an interface of it. */
function rootFields(root: SelectionSetNode, document: DocumentNode): readonly RootField[] {
  const fields: RootField[] = [];
  for (const selection of selectionsOf(root, fragmentsOf(document))) {
    if (selection.kind === Kind.FIELD) fields.push([responseKey(selection), selection.name.value]);
  }
  return fields;
}
