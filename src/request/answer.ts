import type { EdgeError } from '../errors.ts';
import type { CorsRule } from '../types/policy.ts';
import type { LogFields } from './log-record.ts';
import type { Plan } from './planned-request.ts';
import { problem } from './problem.ts';
import { failureFields } from './request-log.ts';

/** What a request is answered with, and what is left to do about it. */
export interface Answer {
  readonly response: Response;
  /** null, or what the response is an error page of. */
  readonly error: EdgeError | null;
  readonly log: LogFields;
  /** What is set on the response; null: the policy's CORS does not apply. */
  readonly cors: CorsRule | null;
  /** null where no lane was asked. */
  readonly plan: Plan | null;
  readonly keyTroubles: readonly string[];
  /** Work that outlives the response. Resolves with what failed in it, or with null. */
  readonly background: Promise<EdgeError | null> | null;
}

/** What is left to do, whatever the response is. */
export type Left = Omit<Answer, 'response' | 'error' | 'log'>;

/** Nothing is left to do but what the policy says of CORS. */
export function nothingLeft(cors: CorsRule | null): Left {
  return { cors, plan: null, keyTroubles: [], background: null };
}

/** What failed goes to the log; the client is told no more than that it did. */
export function failure(error: EdgeError, requestId: string, log: LogFields, left: Left): Answer {
  return { ...left, response: problem(error, requestId), error, log: { ...log, ...failureFields(error) } };
}
