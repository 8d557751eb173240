import { type Answer, AskError } from './ask.ts';
import type { ResponseFacts } from './response-facts.ts';

/** Where that came from which is shown now: a failure does not stand beside the facts of the answer before it. */
export function shownFacts(
  data: Answer<unknown> | undefined,
  error: Error | null,
): ResponseFacts | undefined {
  if (error === null) return data?.facts;
  return error instanceof AskError ? error.facts : undefined;
}
