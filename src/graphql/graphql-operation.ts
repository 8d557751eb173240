/** What a request to a GraphQL endpoint asks for, as far as the edge can tell. */
export type GraphqlOperation =
  | GraphqlQuery
  | { readonly kind: 'mutation' | 'subscription' }
  /** Several operations in one document, or an answer in parts (`@defer`, `@stream`, `@live`); no mutation among them. */
  | { readonly kind: 'unsupported' }
  /** A hash or an identifier, POSTed, whose text is not known. */
  | { readonly kind: 'unlearned' }
  /** Several requests in one body. */
  | { readonly kind: 'batch' }
  /** Anything else: not JSON, too long, too deep, ambiguous, no GraphQL. `mayWrite`: as a GET too an origin may read a mutation in it. */
  | { readonly kind: 'unreadable'; readonly mayWrite?: boolean };

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
}
