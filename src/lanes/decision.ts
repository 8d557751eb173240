import type { KeyedContent } from '../bodies/content.ts';
import type { ErrorCode } from '../errors.ts';
import type { GraphqlQuery } from '../graphql/graphql-operation.ts';
import type { Partition } from '../keys/partition.ts';
import type { Route } from '../policy/routes/route.ts';
import type { Reason } from './lane.ts';

export interface RejectDecision {
  readonly lane: 'reject';
  readonly reason: Reason;
  readonly route: Route;
  readonly code: ErrorCode;
  /** More than the code tells, for the log alone. */
  readonly why?: string;
}

export interface PassDecision {
  readonly lane: 'pass';
  readonly reason: Reason;
  readonly route: Route;
  /** Somebody's authority may be behind the request: `X-Auth-Route: true` goes out. */
  readonly authenticated: boolean;
  /** `private, no-store, max-age=0` goes out, whatever the origin says. */
  readonly noStore: boolean;
  /** Whose request it is, where that was verified: the origin is told. */
  readonly partition: Partition | null;
  /** The credential was refused, and the route lets such a request in as anybody's: the origin gets no credential. */
  readonly anonymous: boolean;
  /** Purged after the origin answered, unless it answered 4xx. */
  readonly purgeAfterWrite: readonly string[];
  /** More than the reason tells, for the log. */
  readonly detail: string;
  /** What would have been done, but for `observe`. */
  readonly observed: CacheDecision | RejectDecision | null;
}

export interface CacheDecision {
  readonly lane: 'public' | 'scoped';
  readonly reason: Reason;
  readonly route: Route;
  readonly cacheKey: string;
  readonly surrogateKeys: readonly string[];
  /** null on the public lane. */
  readonly partition: Partition | null;
  /** Path and query as they go to the origin: only what is part of the key. */
  readonly target: string;
  /** null: no GraphQL. */
  readonly operation: GraphqlQuery | null;
  /** The body that is part of the key; null: an ordinary GET, or GraphQL. */
  readonly content: KeyedContent | null;
}

export type Decision = RejectDecision | PassDecision | CacheDecision;
