import type { CacheResult } from '../cache/cache-engine.ts';
import type { EdgeError } from '../errors.ts';
import type { CacheDecision } from '../lanes/decision.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import type { LogFields } from './log-record.ts';
import type { CachePlan, PassPlan } from './planned-request.ts';

/** What came of a plan, before it becomes a response. */
export type Fetched = Found<CachePlan> | Passed | Failed;

/** What is looked for in the cache: a plan, or what is left of one at a shield. */
export interface CacheWork extends CacheDecision, Pick<CachePlan, 'encoding' | 'tokenExpiresAtSeconds'> {
  readonly facts: Pick<RequestFacts, 'path' | 'headers'>;
}

export interface Outcome {
  /** What the log is told beside the plan. */
  readonly log: LogFields;
  /** Work that outlives the response. Resolves with what failed in it, or with null. */
  readonly background: Promise<EdgeError | null> | null;
}

/** By the cache, or by the origin through the cache. */
export interface Found<Work extends CacheWork = CacheWork> extends Outcome {
  readonly kind: 'found';
  readonly work: Work;
  readonly result: CacheResult;
  /** false: the client sends a field that the response varies on, and that the origin was asked without. */
  readonly isForClient: boolean;
}

/** By the origin, around every cache. */
export interface Passed extends Outcome {
  readonly kind: 'passed';
  readonly plan: PassPlan;
  readonly response: Response;
}

export interface Failed extends Outcome {
  readonly kind: 'failed';
  readonly error: EdgeError;
}

export function failed(error: EdgeError, log: LogFields): Failed {
  return { kind: 'failed', error, log, background: null };
}
