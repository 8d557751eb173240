import type { createRemoteKeys as Real } from './remote-keys.ts';

/** Stands in where no provider of the policy has a key server. */
export const createRemoteKeys: typeof Real = () => async () => ({ text: null, failed: false, why: null });
