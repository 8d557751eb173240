import type { EdgeError } from '../errors.ts';
import type { CorsRule } from '../policy/cors-rule.ts';
import type { LogFields } from './log-record.ts';
import type { Plan } from './planned-request.ts';
import { problem } from './problem.ts';
import { failureFields } from './request-log.ts';

/** What a request is answered with, and what is left to do about it. */
export interface Answer {
  readonly response: Response;
  /** null, or what the response is an error page of. */
  readonly error: EdgeError | null;
  /** What each step tells, the last of it last. */
  readonly log: readonly LogFields[];
  /** What is set on the response; null: the policy's CORS does not apply. */
  readonly cors: CorsRule | null;
  /** null where no lane was asked. */
  readonly plan: Plan | null;
  readonly keyTroubles: readonly string[];
  /** Work that outlives the response. Resolves with what failed in it, or with null. */
  readonly background: Promise<EdgeError | null> | null;
  /** The platform has the request now: nothing can be set on the response. */
  readonly isHandedOff?: boolean;
}

const NONE: readonly string[] = [];

/** An answer behind which there is no plan. */
export function answerOf(response: Response, cors: CorsRule | null, ...log: LogFields[]): Answer {
  return { response, error: null, log, cors, plan: null, keyTroubles: NONE, background: null };
}

/** What failed goes to the log; the client is told no more than that it did. */
export function failure(
  error: EdgeError,
  requestId: string,
  cors: CorsRule | null,
  ...log: LogFields[]
): Answer {
  log.push(failureFields(error));
  const response = problem(error, requestId);
  return { response, error, log, cors, plan: null, keyTroubles: NONE, background: null };
}
