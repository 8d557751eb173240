import type { createAskedDocuments as Real } from './asked-documents.ts';

/** Stands in where the policy has neither entities nor mutations: nobody asks it. */
export const createAskedDocuments: typeof Real = () => ({
  ofQuery: async (_write, _envelope, _digest, plan) => ({ plan, instead: null, learning: null }),
  ofMutation: async (_body, _envelope, plan) => ({ plan, instead: null, learning: null }),
});
