import type { AnswerPlan } from './entities/answer-plan.ts';
import type { SetType } from './entities/learned-types.ts';

/** What a request to a GraphQL endpoint asks for, as far as the edge can tell. */
export type GraphqlOperation =
  | GraphqlQuery
  | GraphqlMutation
  | { readonly kind: 'subscription' }
  /** Several operations in one document, or an answer in parts (`@defer`, `@stream`, `@live`); no mutation among them. */
  | { readonly kind: 'unsupported' }
  /** A hash or an identifier, POSTed, whose text is not known. */
  | { readonly kind: 'unlearned' }
  /** Several requests in one body. */
  | { readonly kind: 'batch' }
  /** Anything else: not JSON, too long, too deep, ambiguous, no GraphQL. `mayWrite`: as a GET too an origin may read a mutation in it. */
  | { readonly kind: 'unreadable'; readonly mayWrite?: boolean };

export interface GraphqlMutation {
  readonly kind: 'mutation';
  /** Its root fields, by the name that each has in the answer; absent where the policy does not ask. */
  readonly roots?: readonly RootField[];
  /** How its answer is read; absent: not at all. */
  readonly asked?: AskedDocument;
}

export type RootField = readonly [member: string, field: string];

/** A document whose answers are looked into for entities. */
export interface AskedDocument {
  readonly plan: AnswerPlan;
  /** What the origin is asked instead, as `body` or `parameters`; null: what the client wrote. */
  readonly instead: string | null;
  /** What its answers teach; null: nothing, for it is no query, or its text belongs to somebody else. */
  readonly learning: Learning | null;
}

/** Ids that no document has asked for are asked for where answers have shown that they are there. */
export interface Learning {
  /** Whether `instead` asks for such ids: an origin may refuse them, for its schema may be another one now. */
  readonly isApplied: boolean;
  readonly learn: (seen: readonly SetType[]) => Promise<void>;
  readonly refuse: () => Promise<void>;
}

/** A single query operation: the one thing that is cached. */
export interface GraphqlQuery {
  readonly kind: 'query';
  /** Hex SHA-256 of everything in it that can change the answer: what the cache key holds. */
  readonly digest: string;
  /** The request to the origin, made new from what `digest` covers: the body of a POST, or the parameters of a GET. */
  readonly body: string | null;
  readonly parameters: string;
  /** What else stands in the query of the URL, as it came. */
  readonly rest: string;
  /** `Accept` towards the origin. */
  readonly accept: string;
  /** Root fields by name, whatever their alias; null where only a hash or an identifier is known. */
  readonly fields: readonly string[] | null;
  /** How entities in its answer are found. null: the policy has none; `unread`: its answer may hold any of them. */
  readonly asked: AskedDocument | 'unread' | null;
}
