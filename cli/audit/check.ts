import type { Check, CheckId } from './types.ts';

/** A promise: broken where there is evidence, else kept. */
export function promise(id: CheckId, statement: string, evidence: readonly string[]): Check {
  return { id, statement, verdict: evidence.length === 0 ? 'kept' : 'broken', evidence };
}

export function unproven(id: CheckId, statement: string, why: string): Check {
  return { id, statement, verdict: 'unproven', evidence: [why] };
}
