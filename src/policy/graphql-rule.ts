/** What a GraphQL endpoint caches: docs/graphql.md. */
export interface GraphqlInput {
  /**
   * Types by name. An answer is known to hold one where its `__typename` says so, or where `fields` does.
   * `{ Todo: { ttlSeconds: 60 } }`; `true` is short for `{}`.
   */
  readonly types?: Readonly<Record<string, true | GraphqlTypeInput>>;
  /** Root fields of the query type, by name. `{ todos: { types: ['Todo'], ttlSeconds: 30 } }` */
  readonly fields?: Readonly<Record<string, GraphqlFieldInput>>;
  /** Trusted documents: identifier to text. A request may name one by `documentId`, `id` or `sha256Hash`. */
  readonly documents?: Readonly<Record<string, string>>;
  /**
   * A POST with a hash alone, whose text the edge has not learned: `pass` (default) sends it on and, since it may be a
   * mutation, purges that identity; `ask` answers `PersistedQueryNotFound`, and the client sends the text.
   */
  readonly unknownHash?: 'pass' | 'ask';
  readonly limits?: {
    /** A longer body passes. Default 65536. */
    readonly bodyBytes?: number;
    /** A longer answer, unpacked, is not stored. Default 262144. */
    readonly answerBytes?: number;
    /** A document of more tokens passes. Default 2000. */
    readonly tokens?: number;
    /** A document that nests deeper passes. Default 50. */
    readonly depth?: number;
  };
}

export interface GraphqlTypeInput {
  /** An answer with this type lives no longer; 0: it is not stored. */
  readonly ttlSeconds?: number;
  /** Tag answers with `type:<name>`. Default `true`. */
  readonly surrogateKey?: boolean;
}

export interface GraphqlFieldInput {
  readonly ttlSeconds?: number;
  /** What its answer holds. */
  readonly types?: readonly string[];
}
