import type * as Real from './answer-plan.ts';

/** Stands in where the policy has neither entities nor mutations. */
export const answerPlan: typeof Real.answerPlan = () => null;
export const emptyPlan: typeof Real.emptyPlan = () => ({
  shape: [],
  text: null,
  isChanged: false,
  sets: [],
  mark: '-',
  isPlain: false,
});
export const idFields: typeof Real.idFields = () => [];
export const withLearned: typeof Real.withLearned = () => null;
