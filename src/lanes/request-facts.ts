import type { Content } from '../bodies/content.ts';
import type { GraphqlOperation } from '../graphql/graphql-operation.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { Variant } from '../identity/identity.ts';

/** The request that a decision is made from: normalised, split, plain data. */
export interface RequestFacts {
  /** Upper case. */
  readonly method: string;
  /** Of the connection, as the platform tells it. */
  readonly scheme: 'http' | 'https';
  /** Lower case, with the port where one was sent: the origin may build links from it. */
  readonly host: string;
  /** In its normal form (`paths/normal-path.ts`), still percent-encoded, begins with `/`. */
  readonly path: string;
  /** Raw, without `?` and without tokens; '' where there is none. */
  readonly query: string;
  /** Tokens that stood in the query, by the name of their parameter; null: several, or one that not everybody reads. */
  readonly queryTokens?: ReadonlyMap<string, string | null>;
  readonly headers: ReadonlyFields;
  /** What `headers` has of cookies, read once: exact names, each with its values in their order. */
  readonly cookies: ReadonlyMap<string, readonly string[]>;
  /** Names of cookies that came and did not validate: they are neither in `headers` nor in `cookies`. */
  readonly refusedCookies?: ReadonlySet<string>;
  readonly hasBody: boolean;
  /** A path that a normaliser and the origin could read differently. */
  readonly ambiguousTarget: boolean;
  /** On a GraphQL endpoint; null elsewhere, and for methods other than GET and POST. */
  readonly operation: GraphqlOperation | null;
  /** On a route that is cached by body, for its methods: such a request only asks. */
  readonly content?: Content;
  /** On a route with variants. */
  readonly variant?: Variant;
  /** What came as the operator's debug token. It is in no header of these. */
  readonly debugToken?: string;
}
