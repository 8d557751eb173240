import type { CacheFacts } from 'claimcache/client';
import { type Answer, AskError } from './ask.ts';

/** Where that came from which is shown now: a failure does not stand beside the facts of the answer before it. */
export function shownFacts(data: Answer<unknown> | undefined, error: Error | null): CacheFacts | undefined {
  if (error === null) return data?.facts;
  return error instanceof AskError ? error.facts : undefined;
}
