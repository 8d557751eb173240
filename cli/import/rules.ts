import type { DraftRoute } from './draft.ts';

/** What a rule of the source comes to: a route without its path. */
export type Treatment = Omit<DraftRoute, 'path'>;

/** A rule of a source where the first that matches wins. */
export interface Rule {
  /** `/api/*`; see glob.ts. */
  readonly glob: string;
  readonly line: number;
  readonly treatment: Treatment;
  /** Instead of `path`: what has to be answered before the route may be there. */
  readonly guard?: string;
  /** It was not in the source: it keeps the first match where another pattern is more specific. */
  readonly derived?: boolean;
}

/** 0: everybody shares an entry; 1: each has their own; 2: nothing is kept. */
export function strictness({ lane, scope, cache }: Treatment): 0 | 1 | 2 {
  if (lane === 'pass' || cache === false) return 2;
  return scope === undefined ? 0 : 1;
}

/** The same rule, but nothing of it is kept. */
export function passing({ origin }: Treatment): Treatment {
  return { lane: 'pass', ...(origin === undefined ? {} : { origin }) };
}

/** Whether two rules do the same with a path, so that it does not matter which of them takes it. */
export function isSame(one: Treatment, other: Treatment): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether a path may be taken by the one instead of the other without a risk: nothing of it is kept, at the same origin. */
export function isSafeInstead(taken: Treatment, wanted: Treatment): boolean {
  return taken.lane === 'pass' && taken.origin === wanted.origin;
}
