import type { mutationPurges as Real } from './mutation-purges.ts';

/** Stands in where the policy has neither entities nor mutations. */
export const mutationPurges: typeof Real = () => [];
