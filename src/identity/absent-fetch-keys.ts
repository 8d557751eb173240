import type { createFetchKeys as Real } from './fetch-keys.ts';

/** Stands in where no provider of the policy has a key server. */
export const createFetchKeys: typeof Real = () => async () => {
  throw new Error('no provider of the policy has a key server');
};
