import type { CacheWork } from '../cache/cache-engine.ts';
import type { EdgeError } from '../errors.ts';
import type { Encoding } from '../http/accept-encoding.ts';
import type { Identity, IdentityResult } from '../identity/identity.ts';
import type { Partition } from '../keys/partition.ts';
import type { CacheDecision, PassDecision, RejectDecision } from '../lanes/decision.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { Switches } from '../lanes/switches.ts';
import type { Origin } from '../policy/origins.ts';
import type { FreshnessRule } from '../policy/routes/route.ts';
import type { ResolvedPath } from '../routing/router.ts';
import type { VerificationLog } from './authenticate.ts';

/** What the edge makes of a request, by its lane. Data alone: it is acted on, explained and tested. */
export type Plan = RejectPlan | PassPlan | CachePlan;

/** What is known in every lane. */
export interface Planned {
  /** The request without the cookies of editors that did not validate, and with what it asks in its body. */
  readonly facts: RequestFacts;
  /** The route that matched, the one whose rules hold, and what else an origin may read in the path. */
  readonly path: ResolvedPath;
  readonly switches: Switches;
  readonly credential: Credential;
  readonly verification: VerificationLog;
  /** Cookies of editors that did not validate. */
  readonly refusedCookies: number;
  /** Trouble with the keys of a provider. It is not about this request: each gets a line of its own. */
  readonly keyTroubles: readonly string[];
}

export interface Credential {
  /** What it turned out to be; null where the route has no scope. */
  readonly outcome: IdentityResult | null;
  /** null where nobody was verified, or a value of the scope cannot be used: as whom the request counts. */
  readonly identity: Identity | null;
  /** The scope filled with that; null where a value cannot be used. */
  readonly partition: Partition | null;
  /** A cookie of an editor did validate. */
  readonly isEditor: boolean;
}

export interface RejectPlan extends Planned, RejectDecision {
  readonly error: EdgeError;
}

export interface PassPlan extends Planned, PassDecision {
  readonly origin: Origin;
  /** Path and query as they go to the origin. */
  readonly target: string;
  /** What the edge answers by itself in the origin's place, or hands over; null: the origin is asked. */
  readonly ownAnswer: 'preflight' | 'ask-for-document' | 'websocket' | null;
}

export interface CachePlan extends Planned, CacheDecision {
  readonly origin: Origin;
  /** What selects a variant, and reaches the origin as `Accept-Encoding`. */
  readonly encoding: Encoding;
  /** `exp` of the identity; null on the public lane. */
  readonly tokenExpiresAtSeconds: number | null;
  /** By what an answer is stored: the route's rule, with the lifetimes of a GraphQL query's fields. */
  readonly freshness: FreshnessRule;
}

/** What an engine has to be able to do for a plan. */
export function workOf({ operation, content }: Pick<CachePlan, 'operation' | 'content'>): CacheWork {
  return operation === null && content === null ? 'plain' : 'inspected';
}
