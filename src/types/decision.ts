/** A request as it is judged, and the lane that it takes. */
import type { ErrorCode } from '../errors.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import type { HttpsMode } from '../policy/https-rule.ts';
import type { Route } from '../policy/routes/route.ts';
import type { GraphqlOperation, GraphqlQuery } from './graphql.ts';
import type { Partition } from './identity.ts';

export type Lane = 'pass' | 'public' | 'scoped' | 'reject';

/** Why a lane was chosen; a stable word for logs, `explain` and the documentation. */
export type Reason =
  | 'anonymous'
  | 'scope-verified'
  | 'scope-write'
  | 'scope-sensitive'
  | 'scope-editor'
  | 'scope-fallback-pass'
  | 'scope-fallback-public'
  | 'cms-cookie'
  | 'cms-path'
  | 'authorization-unclaimed'
  | 'unsafe-method'
  | 'route-pass'
  | 'fallback-pass'
  | 'fallback-credential'
  | 'fallback-cookie'
  | 'preflight'
  | 'ambiguous-target'
  | 'protected-lookalike'
  | 'body-on-get'
  | 'other-scheme'
  | `graphql-${Exclude<GraphqlOperation['kind'], 'query'>}`
  | 'graphql-ask'
  | 'switch-pass'
  | 'switch-observe'
  | 'switches-unreadable'
  | 'no-engine'
  | 'vary-unkeyed'
  | 'error';

/** The request as the deciding rooms see it: sanitised, split, plain. */
export interface RequestFacts {
  /** Upper case. */
  readonly method: string;
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
  /** What came as the operator's debug token. It is in no header of these. */
  readonly debugToken?: string;
}

/** `observe`: decide, log, and serve as if there were no cache. `unreadable`: what it was set to could not be asked. */
export type LaneSwitch = 'on' | 'pass' | 'observe' | 'unreadable';

/** Runtime switches, read from the Config Store per request. */
export interface Switches {
  /** `cache = pass`: everything passes. So it does where the switches cannot be read: a switch that was set must not come undone. */
  readonly all: Exclude<LaneSwitch, 'observe'>;
  /** `route.<name> = pass | observe`. */
  readonly route: (name: string) => LaneSwitch;
  /** `lane.scoped = pass | observe`, `lane.public` likewise. */
  readonly lane: (name: 'public' | 'scoped') => LaneSwitch;
  /** `key_version`: a new value empties everything at once. */
  readonly keyVersion: string;
  readonly engine: 'auto' | 'native' | 'core';
  /** `https = redirect | require | off`; null: as the policy says. */
  readonly https: HttpsMode | null;
}

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
  /** null: an ordinary GET. */
  readonly operation: GraphqlQuery | null;
}

export type Decision = RejectDecision | PassDecision | CacheDecision;

/** A request to explain: nothing of it is sent to anybody. */
export interface ExplainQuestion {
  readonly method: string;
  /** Absolute, and as raw as a client would send it. */
  readonly url: string;
  readonly headers: Headers;
  readonly clientAddress: string | null;
  /** Of a POST to a GraphQL endpoint. */
  readonly body: string | null;
  /** What the origin answers, or null where that is not asked. */
  readonly response: { readonly status: number; readonly headers: Headers } | null;
  /** Claim values, and what is made of them, are shown. */
  readonly showValues: boolean;
}
