import type { answerPlan as Real, emptyPlan as RealEmpty } from './answer-plan.ts';

/** Stands in where the policy has neither entities nor mutations. */
export const answerPlan: typeof Real = () => null;
export const emptyPlan: typeof RealEmpty = () => ({
  shape: [],
  text: null,
  isChanged: false,
  sets: [],
  mark: '-',
  isPlain: false,
});
